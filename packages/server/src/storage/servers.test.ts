import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { limits } from '../limits.js'
import { createLogger } from '../log.js'
import { type Database, statement } from './database.js'
import { DatabaseUnavailable } from './errors.js'
import { migrate } from './migrations.js'
import { openDatabase } from './pg-database.js'
import { serversOf } from './servers.js'
import { type TestDatabase, testDatabase } from './testing.js'

const log = createLogger('silent')
const make = statement('test.make', 'create table things (n integer)')
const add = statement('test.add', 'insert into things (n) values (1)')
const all = statement<{ n: number }>('test.all', 'select n from things')

async function fresh() {
  const db = await testDatabase({ migrated: false })
  onTestFinished(() => db.close())
  await db.database.query(make)
  return db
}

interface Place {
  readonly host: string
  readonly port: number
}

/** A URL that names several servers, of which the others come first. */
function urlWith({ connection }: TestDatabase, others: readonly Place[], more = ''): string {
  const { user, password, database } = connection
  const places = [...others, connection]
  const hosts = places.map(({ host }) => encodeURIComponent(host)).join(',')
  const ports = places.map(({ port }) => port).join(',')
  return `postgresql://${user}:${password}@/${database}?host=${hosts}&port=${ports}${more}`
}

function open(url: string): Database {
  const database = openDatabase({ connection: url, log })
  onTestFinished(() => database.close())
  return database
}

const nobody = { host: '127.0.0.1', port: 1 }

test('a server that refuses is passed over, also by migrations', async () => {
  const db = await fresh()
  const url = urlWith(db, [nobody, nobody])
  const database = open(url)
  await database.query(add)
  expect(await database.query(all)).toHaveLength(1)
  expect((await migrate({ connection: url, log })).length).toBeGreaterThan(0)
})

test('a server that says nothing costs one answer, not all of them', async () => {
  const db = await fresh()
  const sockets: Socket[] = []
  const silent = createServer(socket => sockets.push(socket))
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as { port: number }
  const database = open(urlWith(db, [{ host: '127.0.0.1', port }]))
  const since = performance.now()
  await expect(database.ping()).rejects.toBeInstanceOf(DatabaseUnavailable)
  expect(performance.now() - since).toBeLessThan(2_000)
  await database.ping()
})

test('where none takes writes the answer is unavailable, and well again as soon as one does', async () => {
  const db = await fresh()
  const { user, database: name } = db.connection
  const readOnly = (state: 'on' | 'off') =>
    db.database.query(
      statement(
        `test.${state}`,
        `alter role ${user} in database ${name} set default_transaction_read_only = ${state}`,
      ),
    )
  await readOnly('on')
  const database = open(urlWith(db, [nobody]))
  await expect(database.ping()).rejects.toThrow(/takes no writes/)
  await readOnly('off')
  await database.query(add)
})

test('a server that stops taking writes loses all its connections, and the write is not', async () => {
  const db = await fresh()
  const database = open(urlWith(db, [nobody]))
  const backend = statement<{ pid: number }>('test.backend', 'select pg_backend_pid() as pid, pg_sleep(0.05)')
  const sessions = () =>
    Promise.all(Array.from({ length: limits.databaseConnections }, () => database.query(backend)))
  const pids = async () => new Set((await sessions()).flat().map(({ pid }) => pid))
  const before = await pids()
  expect(before.size).toBe(limits.databaseConnections)
  await database.query(statement('test.demote', 'set session characteristics as transaction read only'))
  const writes = Array.from({ length: limits.databaseConnections }, () => database.query(add))
  await Promise.all(writes)
  for (const pid of await pids()) expect(before).not.toContain(pid)
  expect(await database.query(all)).toHaveLength(limits.databaseConnections)
})

test('with one server alone a write that it refuses is not tried again', async () => {
  const db = await fresh()
  const database = open(db.url)
  const readOnly = statement('test.read_only', 'set transaction read only')
  let runs = 0
  const work = database.transaction(async tx => {
    runs += 1
    await tx.query(readOnly)
    await tx.query(add)
  })
  await expect(work).rejects.toBeInstanceOf(DatabaseUnavailable)
  expect(runs).toBe(1)
})

test('the order of servers that all take writes is by chance when the URL asks for it', () => {
  const url = 'postgresql://a,b,c/db?target_session_attrs=any&load_balance_hosts=random'
  expect([0, 0.5, 0.99].map(chance => serversOf(url, () => chance).current().name)).toEqual(['a', 'b', 'c'])
})
