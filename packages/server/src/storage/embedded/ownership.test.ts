import { cp, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLogger } from '../../log.js'
import { statement } from '../database.js'
import { openDatabase } from '../pg-database.js'
import type { Embedded } from './embedded.js'
import { DirectoryInUse, keys } from './ownership.js'
import { newSession } from './session.js'
import { embeddedStatus } from './status.js'
import { dataDirectory, killPostgres, open, Server, usedDirectory } from './testing-server.js'

const log = createLogger('silent')
/** For those who are to be refused. */
const impatient = { patienceMs: 300 }
const identity = statement<{ id: string; directory: string }>(
  'test.identity',
  "select system_identifier::text as id, current_setting('data_directory') as directory from pg_control_system()",
)
const startTime = statement<{ at: string }>(
  'test.start_time',
  'select pg_postmaster_start_time()::text as at',
)

async function answers({ connection }: Embedded) {
  const database = openDatabase({ connection, log })
  try {
    return (await database.query(identity))[0]
  } finally {
    await database.close()
  }
}

test('a second server on the directory is refused with one line, and the first goes on', async () => {
  const dataDir = await usedDirectory()
  const first = await open(dataDir)
  await expect(open(dataDir, impatient)).rejects.toThrow(new DirectoryInUse(dataDir))
  expect(new DirectoryInUse('/d').message).toBe(
    'another Switchboard server is running on /d: stop it, or set another DATA_DIR',
  )
  const other = new Server(dataDir, 'stay')
  expect(await other.open()).toBe(`refused ${new DirectoryInUse(dataDir).message}`)
  expect(await other.next()).toBeUndefined()
  await answers(first)
  await first.stop()
})

test('of servers that start at the same time on a fresh directory one wins', async () => {
  const dataDir = await dataDirectory()
  await exactlyOne(await Promise.allSettled([1, 2, 3].map(() => open(dataDir, impatient))))
})

test('of servers that start at the same time on a stopped directory one wins', async () => {
  const dataDir = await usedDirectory()
  await exactlyOne(await Promise.allSettled([1, 2, 3].map(() => open(dataDir, impatient))))
})

async function exactlyOne(results: PromiseSettledResult<Embedded>[]) {
  const winners = results.filter(result => result.status === 'fulfilled')
  const losers = results.filter(result => result.status === 'rejected')
  expect(losers.map(({ reason }) => reason)).toEqual(losers.map(() => expect.any(DirectoryInUse)))
  expect(winners).toHaveLength(1)
  for (const { value } of winners) {
    await answers(value)
    await value.stop()
  }
}

test('a killed server leaves its PostgreSQL to the next', async () => {
  const dataDir = await usedDirectory()
  const killed = new Server(dataDir, 'stay')
  expect(await killed.open()).toMatch(/^found/)
  const { pid } = await embeddedStatus(dataDir)
  await killed.kill()
  const next = await open(dataDir)
  expect(next.adopted).toBe(true)
  expect((await embeddedStatus(dataDir)).pid).toBe(pid)
  await next.stop()
  expect((await embeddedStatus(dataDir)).pid).toBeUndefined()
})

test('a server that starts while another one stops waits for it', async () => {
  const dataDir = await usedDirectory()
  for (let round = 0; round < 5; round++) {
    const first = await open(dataDir)
    const [, second] = await Promise.all([first.stop(), open(dataDir)])
    await answers(second)
    await second.stop()
  }
})

test('visitors come in beside a server, and leave it alone', async () => {
  const dataDir = await usedDirectory()
  const server = await open(dataDir)
  const visitor = await open(dataDir, { exclusive: false })
  expect(visitor.adopted).toBe(true)
  await answers(visitor)
  await visitor.stop()
  await answers(server)
  await server.stop()
})

test('without a server a visitor starts PostgreSQL, and the last one to leave stops it', async () => {
  const dataDir = await usedDirectory()
  const first = await open(dataDir, { exclusive: false })
  expect(first.adopted).toBe(false)
  const second = await open(dataDir, { exclusive: false })
  await first.stop()
  await answers(second)
  await second.stop()
  expect((await embeddedStatus(dataDir)).pid).toBeUndefined()
})

test('a server takes over what a visitor started', async () => {
  const dataDir = await usedDirectory()
  const visitor = await open(dataDir, { exclusive: false })
  const server = await open(dataDir)
  expect(server.adopted).toBe(true)
  await visitor.stop()
  await answers(server)
  await server.stop()
})

test('after a power cut the number of the dead process may be somebody else’s', async () => {
  const dataDir = await usedDirectory()
  const first = await open(dataDir)
  const { directory = '' } = (await answers(first)) ?? {}
  const { host, port } = first.connection
  await first.stop()
  const dead = [process.pid, directory, 1, port, host, '', '1 1', 'ready', ''].join('\n')
  await writeFile(join(directory, 'postmaster.pid'), dead)
  await writeFile(join(host, `.s.PGSQL.${port}.lock`), dead)
  const second = await open(dataDir)
  await answers(second)
  await second.stop()

  // Cut before it was written.
  await writeFile(join(directory, 'postmaster.pid'), '')
  await utimes(join(directory, 'postmaster.pid'), 0, 0)
  const third = await open(dataDir)
  await answers(third)
  await third.stop()
})

test('a copy of the directory, made while it runs, is another database', async () => {
  const dataDir = await usedDirectory()
  const copyDir = await dataDirectory()
  const original = await open(dataDir)
  await cp(dataDir, copyDir, { recursive: true, filter: path => !path.endsWith('run') })
  const copy = await open(copyDir)
  expect(copy.adopted).toBe(false)
  expect((await answers(copy))?.directory).toContain(copyDir)
  expect((await answers(original))?.directory).toContain(dataDir)
  await copy.stop()
  await original.stop()
})

test('a PostgreSQL that dies under the server comes back, and the server still owns it', async () => {
  const dataDir = await usedDirectory()
  const server = await open(dataDir)
  const database = openDatabase({ connection: server.connection, log })
  for (let round = 0; round < 3; round++) {
    const [before] = await database.query(startTime)
    await killPostgres(dataDir)
    // The processes of the killed one may still answer.
    await until(async () => (await database.query(startTime))[0]?.at !== before?.at)
    await Promise.all(Array.from({ length: 20 }, () => database.query(identity)))
  }
  await expect(open(dataDir, impatient)).rejects.toBeInstanceOf(DirectoryInUse)
  await database.close()
  await server.stop()
  expect((await embeddedStatus(dataDir)).pid).toBeUndefined()
})

test('a server whose lock was lost takes it again', async () => {
  const dataDir = await usedDirectory()
  const server = await open(dataDir)
  const session = newSession(server.connection)
  await session.connect()
  await session.query(endOtherSessions)
  await until(async () => {
    const { rows } = await session.query("select 1 from pg_locks where locktype = 'advisory' and granted")
    return rows.length > 0
  })
  await session.end()
  await expect(open(dataDir, impatient)).rejects.toBeInstanceOf(DirectoryInUse)
  await answers(server)
  await server.stop()
})

test('a server that finds its place taken says so, and leaves PostgreSQL to the other', async () => {
  const dataDir = await usedDirectory()
  let onLost = (_reason: Error) => {}
  const lost = new Promise<Error>(resolve => {
    onLost = resolve
  })
  const server = await open(dataDir, { ...impatient, onLost })
  const session = newSession(server.connection)
  await session.connect()
  // Who waits for the lock has it before the server can ask for it again.
  const ours = session.query('select pg_advisory_lock($1)', [keys.owner])
  const other = newSession(server.connection)
  await other.connect()
  await until(async () => (await other.query(waitingForLocks)).rowCount === 1)
  await other.query(endHolders)
  await ours
  await other.end()
  expect(await lost).toBeInstanceOf(DirectoryInUse)
  await server.stop()
  expect((await session.query('select 1')).rowCount).toBe(1)
  await session.end()
})

const endOtherSessions =
  'select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
const waitingForLocks = "select 1 from pg_locks where locktype = 'advisory' and not granted"
const endHolders =
  "select pg_terminate_backend(pid, 1000) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()"

async function until(condition: () => Promise<boolean>) {
  const deadline = performance.now() + 20_000
  while (!(await condition().catch(() => false))) {
    if (performance.now() > deadline) throw new Error('it did not happen')
  }
}
