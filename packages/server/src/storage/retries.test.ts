import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '../limits.js'
import { createLogger } from '../log.js'
import { type Database, statement } from './database.js'
import { DatabaseUnavailable } from './errors.js'
import { openDatabase } from './pg-database.js'
import { type TestDatabase, testDatabase } from './testing.js'
import { startProxy, type WireProxy } from './testing-proxy.js'

const log = createLogger('silent')

// A sequence counts what a rollback does not take back.
const make = [
  'create table things (n integer)',
  'create sequence tries',
  'create table faults (state text, times integer)',
  `create function fail() returns trigger language plpgsql as $$
   declare fault faults;
   begin
     select * into fault from faults;
     if fault.times >= nextval('tries') then raise exception 'injected' using errcode = fault.state; end if;
     return new;
   end $$`,
  'create trigger fail before insert or update on things for each row execute function fail()',
]
const add = statement('test.add', 'insert into things (n) values ($1)')
const all = statement<{ n: number }>('test.all', 'select n from things order by n')
const clear = statement('test.clear', 'truncate things, faults')
const rewind = statement('test.rewind', "select setval('tries', 1, false)")
const inject = statement('test.inject', 'insert into faults (state, times) values ($1, $2)')

let db: TestDatabase
/** Reaches the database through the proxy. */
let database: Database
let proxy: WireProxy
beforeAll(async () => {
  db = await testDatabase({ migrated: false })
  for (const [index, text] of make.entries()) await db.database.query(statement(`test.make_${index}`, text))
  proxy = await startProxy(db.connection)
  database = openDatabase({ connection: proxy.address, log })
})
afterAll(async () => {
  await database.close()
  await proxy.close()
  await db.close()
})
beforeEach(async () => {
  await db.database.query(clear)
  await db.database.query(rewind)
})

const rows = async () => (await db.database.query(all)).map(({ n }) => n)

describe.each(['40001', '40P01'])('what the database takes back with %s', state => {
  test('is done again: a single statement', async () => {
    await db.database.query(inject, [state, limits.databaseAttempts - 1])
    await database.query(add, [1])
    expect(await rows()).toEqual([1])
  })

  test('is done again: a transaction, from its start', async () => {
    await db.database.query(inject, [state, limits.databaseAttempts - 1])
    let runs = 0
    await database.transaction(async tx => {
      runs += 1
      await tx.query(add, [1])
      await tx.query(add, [2])
    })
    expect(runs).toBe(limits.databaseAttempts)
    expect(await rows()).toEqual([1, 2])
  })

  test('again and again ends as unavailable, with nothing done', async () => {
    await db.database.query(inject, [state, 1_000])
    await expect(database.query(add, [1])).rejects.toBeInstanceOf(DatabaseUnavailable)
    await expect(database.transaction(tx => tx.query(add, [1]))).rejects.toBeInstanceOf(DatabaseUnavailable)
    expect(await rows()).toEqual([])
  })
})

test('another error of the same class is not repeated', async () => {
  await db.database.query(inject, ['40002', 1])
  await expect(database.query(add, [1])).rejects.toThrow(/injected/)
  await database.query(add, [2])
  expect(await rows()).toEqual([2])
})

describe('a connection that is lost', () => {
  const addTwo = (counted: () => void = () => {}) =>
    database.transaction(async tx => {
      counted()
      await tx.query(add, [1])
      await tx.query(add, [2])
    })

  test.each(['before', 'after'] as const)('%s a read is not noticed', async when => {
    await database.query(add, [1])
    const cuts = proxy.cuts
    proxy.cut('test.all', when)
    expect(await database.query(all)).toEqual([{ n: 1 }])
    expect(proxy.cuts).toBe(cuts + 1)
  })

  test.each(['before', 'after'] as const)(
    '%s a statement of a transaction is not noticed: what was not committed is undone',
    async when => {
      await db.database.query(add, [0])
      let runs = 0
      proxy.cut('test.add', when)
      await addTwo(() => {
        runs += 1
      })
      expect(runs).toBe(2)
      expect(await rows()).toEqual([0, 1, 2])
    },
  )

  test.each([
    ['before', []],
    ['after', [1, 2]],
  ] as const)('%s a commit leaves its outcome unknown, and it is not repeated', async (when, stored) => {
    proxy.cut('commit\0', when)
    const error = await addTwo().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DatabaseUnavailable)
    expect((error as DatabaseUnavailable).connectionLost).toBe(true)
    expect(await rows()).toEqual(stored)
  })

  test.each([
    ['before', []],
    ['after', [1]],
  ] as const)(
    '%s a single write leaves its outcome unknown, and it is not repeated',
    async (when, stored) => {
      proxy.cut('test.add', when)
      await expect(database.query(add, [1])).rejects.toBeInstanceOf(DatabaseUnavailable)
      expect(await rows()).toEqual(stored)
    },
  )
})
