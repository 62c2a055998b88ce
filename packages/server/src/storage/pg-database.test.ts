import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { limits } from '../limits.js'
import { createLogger } from '../log.js'
import { Refusal } from '../refusal.js'
import { type Database, type Queryable, statement } from './database.js'
import { DatabaseUnavailable, isUniqueViolation } from './errors.js'
import { openDatabase } from './pg-database.js'
import { type TestDatabase, testDatabase } from './testing.js'

const log = createLogger('silent')
const make = statement(
  'test.make',
  'create table counters (name text constraint counters_key unique, n integer)',
)
const clear = statement('test.clear', 'delete from counters')
const add = statement('test.add', 'insert into counters (name, n) values ($1, $2)')
const all = statement<{ name: string; n: number }>('test.all', 'select name, n from counters order by name')
const total = statement<{ sum: number }>('test.total', 'select coalesce(sum(n), 0)::int as sum from counters')
const serializable = statement('test.serializable', 'set transaction isolation level serializable')
const lockAll = statement('test.lock', 'lock table counters in access exclusive mode')
const endOthers = statement(
  'test.end_others',
  'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
)
const cancelOthers = statement(
  'test.cancel_others',
  'select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
)

let db: TestDatabase
let database: Database
/** Another process, as far as the database can tell. */
let other: Database
beforeAll(async () => {
  db = await testDatabase()
  database = db.database
  other = openDatabase({ connection: db.url, log })
  await database.query(make)
})
afterAll(async () => {
  await other.close()
  await db.close()
})
beforeEach(() => database.query(clear))

/** A promise, and how to keep it. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, opened }
}

async function unavailable(work: Promise<unknown>): Promise<DatabaseUnavailable> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DatabaseUnavailable)
  return error as DatabaseUnavailable
}

test('a unique violation is recognised by the name of its constraint', async () => {
  await database.query(add, ['a', 1])
  const error = await database.query(add, ['a', 2]).catch(reason => reason)
  expect(isUniqueViolation(error, 'counters_key')).toBe(true)
  expect(isUniqueViolation(error, 'users_phone_number_key')).toBe(false)
  expect(isUniqueViolation(new Error('counters_key'), 'counters_key')).toBe(false)
})

test('a transaction is all or nothing, and a refusal in it passes as it is', async () => {
  const refusal = new Refusal('invalid_token')
  const work = async (tx: Queryable) => {
    await tx.query(add, ['a', 1])
    throw refusal
  }
  await expect(database.transaction(work)).rejects.toBe(refusal)
  expect(await database.query(all)).toEqual([])
})

test('statements of a transaction run one after the other without being waited for', async () => {
  await database.transaction(async tx => {
    await Promise.all([1, 2, 3].map(n => tx.query(add, [String(n), n])))
  })
  expect(await database.query(all)).toHaveLength(3)
})

test('a transaction whose failure was overlooked is not taken for done', async () => {
  const work = async (tx: Queryable) => {
    await tx.query(add, ['a', 1])
    await tx.query(add, ['a', 2]).catch(() => {})
  }
  await expect(database.transaction(work)).rejects.toThrow(/rolled back/)
  expect(await database.query(all)).toEqual([])
})

test('a transaction that is over takes no more statements', async () => {
  let leaked: Queryable | undefined
  await database.transaction(async tx => {
    leaked = tx
  })
  await expect(leaked?.query(all)).rejects.toThrow(/over/)
})

test('two serializable transactions that meet both succeed: one is run again', async () => {
  const bothHaveRead = [gate(), gate()] as const
  let runs = 0
  const addTotal = (name: string, mine: 0 | 1) =>
    database.transaction(async tx => {
      runs++
      await tx.query(serializable)
      const [row] = await tx.query(total)
      bothHaveRead[mine].open()
      await bothHaveRead[mine === 0 ? 1 : 0].opened
      await tx.query(add, [name, (row?.sum ?? 0) + 1])
    })
  await Promise.all([addTotal('first', 0), addTotal('second', 1)])
  expect(runs).toBe(3)
  // As if one had come after the other: 1, then the sum of it and 1.
  expect((await database.query(all)).map(({ n }) => n).sort()).toEqual([1, 2])
})

test('a transaction that never gets through ends as unavailable', async () => {
  await database.query(add, ['a', 0])
  let runs = 0
  const change = statement('test.change', "update counters set n = n + 1 where name = 'a'")
  const work = database.transaction(async tx => {
    runs++
    await tx.query(serializable)
    await tx.query(all)
    await other.query(change)
    await tx.query(change)
  })
  await unavailable(work)
  expect(runs).toBe(limits.databaseAttempts)
})

test('connections that were ended are not noticed, neither by reads nor by writes', async () => {
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: limits.databaseConnections }, () => database.query(all)))
    await other.query(endOthers)
    await Promise.all(Array.from({ length: limits.databaseConnections }, () => database.query(all)))
    await other.query(endOthers)
    await database.transaction(tx => tx.query(add, [`in ${round}`, 1]))
  }
  expect(await database.query(all)).toHaveLength(5)
})

test('a write whose connection is lost under it is not repeated', async () => {
  const slow = statement('test.slow', "insert into counters (name, n) select 'slow', 1 from pg_sleep(60)")
  const lost = unavailable(database.query(slow))
  await untilSeen('%pg_sleep(60)%')
  await other.query(endOthers)
  expect((await lost).connectionLost).toBe(true)
  expect(await database.query(all)).toEqual([])
})

test('a statement that takes too long is unavailable, and its connection lives', async () => {
  const slow = statement('test.sleep', 'select pg_sleep(61)')
  const late = unavailable(database.query(slow))
  await untilSeen('%pg_sleep(61)%')
  // What statement_timeout does after its five seconds.
  await other.query(cancelOthers)
  expect((await late).connectionLost).toBe(false)
})

test('the time limits are set in the session', async () => {
  const setting = statement<{ name: string; ms: string }>(
    'test.settings',
    "select name, setting as ms from pg_settings where name in ('statement_timeout', 'lock_timeout') order by name",
  )
  expect(await database.query(setting)).toEqual([
    { name: 'lock_timeout', ms: String(limits.databaseLockMs) },
    { name: 'statement_timeout', ms: String(limits.databaseStatementMs) },
  ])
})

test('behind a locked table everybody is told within the two waits there are, and it is well again after', async () => {
  const { open, opened } = gate()
  const locked = gate()
  const holder = other.transaction(async tx => {
    await tx.query(lockAll)
    locked.open()
    await opened
  })
  await locked.opened
  const start = performance.now()
  const waiting = Array.from({ length: 200 }, () => unavailable(database.query(all)))
  await Promise.all(waiting).finally(open)
  // Who is given a connection at the last moment waits for the lock as well.
  expect(performance.now() - start).toBeLessThan(limits.databaseConnectMs + limits.databaseLockMs + 1_000)
  await holder
  expect(await database.query(all)).toEqual([])
})

test('a schema that changes under prepared statements is not noticed', async () => {
  const everything = statement<Record<string, unknown>>('test.everything', 'select * from counters')
  await database.query(add, ['a', 1])
  await database.query(everything)
  await other.query(statement('test.alter', 'alter table counters add column more text'))
  expect(await database.query(everything)).toEqual([{ name: 'a', n: 1, more: null }])
  await other.query(statement('test.alter_back', 'alter table counters drop column more'))
  expect(await database.transaction(tx => tx.query(everything))).toEqual([{ name: 'a', n: 1 }])
})

test('where nobody listens the answer is unavailable, at once', async () => {
  const away = openDatabase({ connection: 'postgresql://a:b@127.0.0.1:1/none', log })
  onTestFinished(() => away.close())
  const start = performance.now()
  await unavailable(away.ping())
  expect(performance.now() - start).toBeLessThan(500)
})

test('where somebody listens and says nothing the answer is unavailable within two seconds', async () => {
  const { port, server, sockets } = await silentServer()
  const away = openDatabase({ connection: `postgresql://a:b@127.0.0.1:${port}/none`, log })
  onTestFinished(async () => {
    await away.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const start = performance.now()
  await Promise.all(Array.from({ length: 20 }, () => unavailable(away.ping())))
  expect(performance.now() - start).toBeLessThan(2_000)
})

test('a connection that is ended in the breath in which it is opened is nobody’s fault', async () => {
  const message = (type: string, body: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(body.length + 4)
    return Buffer.concat([Buffer.from(type), length, body])
  }
  const welcome = [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]
  const farewell = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'))
  let opened = 0
  const server = createServer(socket => {
    opened += 1
    socket.on('error', () => {}).once('data', () => socket.end(Buffer.concat([...welcome, farewell])))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const dying = openDatabase({ connection: `postgresql://a:b@127.0.0.1:${port}/none`, log })
  onTestFinished(async () => {
    await dying.close()
    server.close()
  })
  await unavailable(dying.ping())
  expect(opened).toBeGreaterThan(1)
  expect(opened).toBeLessThan(100)
})

test('a closed database is unavailable', async () => {
  const closed = openDatabase({ connection: db.connection, log })
  await closed.ping()
  await Promise.all([closed.close(), closed.close()])
  await unavailable(closed.ping())
})

/** Until a backend runs such a statement. */
async function untilSeen(pattern: string) {
  const seen = statement(
    'test.seen',
    "select 1 from pg_stat_activity where query like $1 and pid <> pg_backend_pid() and state = 'active'",
  )
  while ((await other.query(seen, [pattern])).length === 0);
}

async function silentServer() {
  const sockets: Socket[] = []
  const server: Server = createServer(socket => sockets.push(socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : 0, server, sockets }
}

test('a closed database has no connection left that its server could cut off', async () => {
  const elsewhere = openDatabase({ connection: db.connection, log: createLogger('silent') })
  const pause = statement('test.pause', "select pg_sleep(0.02), 'closing' as closing")
  await Promise.all(Array.from({ length: 8 }, () => elsewhere.query(pause)))
  await elsewhere.close()
  const left = statement(
    'test.left',
    "select pid from pg_stat_activity where datname = current_database() and query like '%closing%' and pid <> pg_backend_pid()",
  )
  expect(await database.query(left)).toEqual([])
})
