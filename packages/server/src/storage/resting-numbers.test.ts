import { createHash } from 'node:crypto'
import type { PhoneNumber } from '@switchboard/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { secretsUnder } from '../directory/testing.js'
import { statement } from './database.js'
import { pgDirectoryStores } from './directory-stores.js'
import { type TestDatabase, testDatabase } from './testing.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  for (const table of ['resting_numbers', 'lasting_secrets'])
    await db.database.query(statement<object>(`test.empty_${table}`, `delete from ${table}`))
})

const number = '4155550100' as PhoneNumber
const at = new Date('2026-01-31T12:00:00Z')
const until = new Date('2026-03-17T12:00:00Z')

/** The numbers as a server with these token keys sees them. */
const under = (...keys: readonly [string, ...string[]]) => {
  const { restingNumbers } = pgDirectoryStores(db.database, secretsUnder(...keys))
  return {
    rests: (which = number) => restingNumbers.rests(which, at, null),
    release: (which = number) =>
      db.database.transaction(tx => restingNumbers.release(tx, { number: which, at, until, by: null })),
  }
}
const rowsOf = (table: string) =>
  db.database.query(statement<{ row: string }>(`test.rows_${table}`, `select t::text as row from ${table} t`))
const plainDigest = createHash('sha256').update(number).digest()

test('a number that rests does so after any number of rotations, of which each was seen', async () => {
  await under('first').release()
  expect(await under('second', 'first').rests()).toBe(true)
  expect(await under('third', 'second').rests()).toBe(true)
  expect(await under('fourth', 'third').rests()).toBe(true)
  expect(await under('fourth', 'third').rests('4155550101' as PhoneNumber)).toBe(false)
})

test('a server that has not yet seen a rotation knows the same numbers as one that has', async () => {
  const [ahead, behind] = [under('second', 'first'), under('first')]
  await behind.release()
  expect(await ahead.rests()).toBe(true)
  await behind.release('4155550102' as PhoneNumber)
  expect(await ahead.rests('4155550102' as PhoneNumber)).toBe(true)
  expect(await behind.rests()).toBe(true)
})

test('of two servers that are the first to ask one makes the secret', async () => {
  const numbers = Array.from({ length: 8 }, (_, n) => `415555020${n}` as PhoneNumber)
  await Promise.all(numbers.map(each => under('first').release(each)))
  for (const each of numbers) expect(await under('first').rests(each)).toBe(true)
  expect(await rowsOf('lasting_secrets')).toHaveLength(1)
})

test('only the keys there are open the secret', async () => {
  await under('first').release()
  await under('second', 'first').rests()
  expect(await rowsOf('lasting_secrets')).toHaveLength(2)
  await under('third', 'second').rests()
  expect(await rowsOf('lasting_secrets')).toHaveLength(2)
  expect(await under('another').rests()).toBe(false) // all keys were replaced: it begins anew
  expect(await rowsOf('lasting_secrets')).toHaveLength(1)
})

test('who has the database cannot find the number by trying all', async () => {
  await under('first').release()
  const dump = [...(await rowsOf('resting_numbers')), ...(await rowsOf('lasting_secrets'))]
    .map(({ row }) => row)
    .join()
  expect(dump).not.toContain(number)
  expect(dump).not.toContain(plainDigest.toString('hex'))
})

test('plain digests of earlier versions go on resting, and are keyed when they are met', async () => {
  const insert = statement<object>(
    'test.plain',
    'insert into resting_numbers (number_digest, rests_until, user_id) values ($1, $2, null)',
  )
  await db.database.query(insert, [plainDigest, until])
  expect(await under('first').rests()).toBe(true)
  expect(JSON.stringify(await rowsOf('resting_numbers'))).not.toContain(plainDigest.toString('hex'))
  await db.database.query(insert, [plainDigest, until]) // by an earlier version that still runs beside this one
  expect(await under('second', 'first').rests()).toBe(true)
  expect(await rowsOf('resting_numbers')).toHaveLength(1)
})
