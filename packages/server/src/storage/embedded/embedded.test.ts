import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../../log.js'
import { statement } from '../database.js'
import { openDatabase } from '../pg-database.js'
import { newSession } from './session.js'
import { embeddedStatus } from './status.js'
import { dataDirectory, open } from './testing-server.js'

const log = createLogger('silent')
const who = statement<{ user: string; db: string }>(
  'test.who',
  'select current_user::text as user, current_database()::text as db',
)
const setting = statement<{ setting: string }>(
  'test.setting',
  'select setting from pg_settings where name = $1',
)

test('the first start makes the database, the second one finds it', async () => {
  const dataDir = await dataDirectory()
  expect(await embeddedStatus(dataDir)).toMatchObject({ initialised: false, pid: undefined, bytes: 0 })

  const first = await open(dataDir)
  expect(first.adopted).toBe(false)
  const database = openDatabase({ connection: first.connection, log })
  expect(await database.query(who)).toEqual([{ user: 'switchboard', db: 'switchboard' }])
  await database.query(statement('test.make', 'create table kept (n integer)'))
  expect(await embeddedStatus(dataDir)).toMatchObject({ initialised: true, pid: expect.any(Number) })
  await database.close()
  await first.stop()
  const stopped = await embeddedStatus(dataDir)
  expect(stopped.pid).toBeUndefined()
  expect(stopped.bytes).toBeGreaterThan(1_000_000)

  const second = await open(dataDir)
  expect(second.adopted).toBe(false)
  const again = openDatabase({ connection: second.connection, log })
  expect(await again.query(statement('test.read', 'select n from kept'))).toEqual([])
  await again.close()
  await second.stop()
})

test('writes reach the disk, and only who may enter the directory can connect', async () => {
  const dataDir = await dataDirectory()
  const { connection, stop } = await open(dataDir)
  const database = openDatabase({ connection, log })
  for (const [name, value] of [
    ['fsync', 'on'],
    ['full_page_writes', 'on'],
    ['synchronous_commit', 'on'],
    ['server_encoding', 'UTF8'],
    ['password_encryption', 'scram-sha-256'],
  ]) {
    expect(await database.query(setting, [name])).toEqual([{ setting: value }])
  }
  await database.close()
  expect((await stat(join(dataDir, 'postgres', 'password'))).mode & 0o777).toBe(0o600)
  expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700)
  if (connection.host.startsWith('/')) {
    expect((await stat(connection.host)).mode & 0o777).toBe(0o700)
    const tcp = openDatabase({ connection, log })
    expect(await tcp.query(setting, ['listen_addresses'])).toEqual([{ setting: '' }])
    await tcp.close()
  }
  const stranger = newSession({ ...connection, password: 'guessed' })
  await expect(stranger.connect()).rejects.toThrow(/password authentication failed/)
  await stop()
})

test('a path too long for a socket is no hindrance', async () => {
  const dataDir = join(await dataDirectory(), 'd'.repeat(100))
  const first = await open(dataDir)
  const socket = first.connection.host
  onTestFinished(() => rm(socket, { recursive: true, force: true }))
  expect(Buffer.byteLength(socket)).toBeLessThan(90)
  await first.stop()
  const second = await open(dataDir)
  expect(second.connection.host).toBe(socket)
  await second.stop()
})

test('a killed first start leaves nothing that stays', async () => {
  const dataDir = await dataDirectory()
  const half = await mkdtemp(join(dataDir, 'postgres.initialising-'))
  await mkdir(join(half, 'data'))
  await writeFile(join(half, 'data', 'PG_VERSION'), '18')
  await writeFile(join(dataDir, 'postgres.backup'), 'not ours')
  const { stop } = await open(dataDir)
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.backup'])
  await stop()
})

test('what cannot work is said in one line', async () => {
  const dataDir = await dataDirectory()
  await writeFile(join(dataDir, 'file'), '')
  await expect(open(join(dataDir, 'file'))).rejects.toThrow(/^cannot make the directory .*file \(E\w+\)$/)

  await mkdir(join(dataDir, 'taken', 'postgres', 'something'), { recursive: true })
  await expect(open(join(dataDir, 'taken'))).rejects.toThrow(/holds no database: remove it, or set another/)

  const { stop } = await open(join(dataDir, 'other'))
  await stop()
  await writeFile(join(dataDir, 'other', 'postgres', 'data', 'PG_VERSION'), '9.6')
  await expect(open(join(dataDir, 'other'))).rejects.toThrow(
    /^the embedded PostgreSQL did not start: .*incompat/,
  )

  const strange = join(dataDir, 'strange')
  const { stop: stopStrange } = await open(strange)
  await stopStrange()
  await writeFile(join(strange, 'postgres', 'password'), randomUUID())
  await expect(open(strange)).rejects.toThrow(/does not let us in: password authentication failed/)
  expect((await embeddedStatus(strange)).pid).toBeUndefined()
})
