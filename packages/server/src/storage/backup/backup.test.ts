import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../../log.js'
import { statement } from '../database.js'
import { type Migration, readMigrations } from '../migration-files.js'
import { migrate } from '../migrations.js'
import { schemaOf, type TestDatabase, testDatabase } from '../testing.js'
import { type BackupSummary, BadBackup } from './format.js'
import { countRows, openBackup } from './read-backup.js'
import { NotEmpty, restoreBackup } from './restore-backup.js'
import { inOrder, readTables, tablesOf } from './tables.js'
import { writeBackup } from './write-backup.js'

const log = createLogger('silent')
let migrations: readonly Migration[]
let store: TestDatabase
beforeAll(async () => {
  migrations = await readMigrations()
  store = await testDatabase()
})
afterAll(() => store.close())

async function emptyDatabase(): Promise<TestDatabase> {
  const db = await testDatabase({ migrated: false })
  onTestFinished(() => db.close())
  return db
}

async function connected<T>(db: TestDatabase, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(db.connection)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function backupOf(db: TestDatabase, known = migrations) {
  return connected(db, async client => {
    const script = writeBackup({ client, migrations: known, program: '0.0.0' })
    const pieces: Buffer[] = []
    for (;;) {
      const { value, done } = await script.next()
      if (done) return { file: Buffer.concat(pieces), summary: value }
      pieces.push(Buffer.from(value))
    }
  })
}

/** In pieces that cut lines, characters and marks anywhere. */
async function* inPieces(file: Buffer, length: number) {
  for (let at = 0; at < file.length; at += length) yield file.subarray(at, at + length)
}

const restored = async (file: Buffer, db: TestDatabase, length = 4_096): Promise<BackupSummary> =>
  restoreBackup(await openBackup(inPieces(file, length)), { connection: db.connection, migrations, log })

/** Every row of every table, as text. */
const contentOf = (db: TestDatabase) =>
  connected(db, async client => {
    const content: Record<string, unknown> = {}
    for (const { name } of await readTables(client, tablesOf(migrations)))
      content[name] = (await client.query(`select t::text from ${name} t order by 1`)).rows
    return content
  })

const addUser = statement(
  'test.add_user',
  `insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
   values ($1, $2, $3, $3, $4, 'B', '$argon2id$x', '2026-11-23T05:30:00.123456Z')`,
)
const addContact = statement('test.add_contact', 'insert into contacts values ($1, $2, $3, now())')
const addThrottle = statement('test.add_throttle', 'insert into throttles values ($1, $2, $3, 1)')

let numbers = 100
async function someone(db: TestDatabase, firstname: string): Promise<string> {
  const id = randomUUID()
  numbers += 1
  await db.database.query(addUser, [id, String(numbers), `a${numbers}@example.org`, firstname])
  return id
}

test('the tables are all that the migrations make', async () => {
  const schema = (await schemaOf(store)).flatMap(line => /^object r (\w+)/.exec(line)?.[1] ?? [])
  expect([...tablesOf(migrations), 'schema_migrations'].sort()).toEqual(schema.sort())
})

test('a table comes after those that it points to', () => {
  const table = (name: string, ...needs: string[]) => ({ name, columns: [], needs })
  const ordered = inOrder([table('a', 'c'), table('b', 'a'), table('c')])
  expect(ordered.map(({ name }) => name)).toEqual(['c', 'a', 'b'])
  expect(() => inOrder([table('a', 'b'), table('b', 'a')])).toThrow('point at each other')
})

describe('what was written comes back', () => {
  let file: Buffer
  let summary: BackupSummary
  beforeAll(async () => {
    const names = ['Åsa \\. \\N', '\\.', 'two\u2028lines', 'tab\\t', '🕿'.repeat(40), '', '\n\\.\n']
    const ids: string[] = []
    for (const name of names) ids.push(await someone(store, name || ' '))
    // A key before the one it points to, in the order of ids as in that of adding.
    for (const id of ids.slice(1)) await store.database.query(addContact, [randomUUID(), id, ids[0]])
    const stamps = ['9007199254740993', '-9223372036854775808']
    await store.database.query(addThrottle, [Buffer.from([0, 9, 10, 13, 92, 255]), stamps[0], stamps])
    ;({ file, summary } = await backupOf(store))
  })

  test.each([1, 7, 4_096, 1_000_000])('in pieces of %i bytes', async length => {
    const db = await emptyDatabase()
    expect(await restored(file, db, length)).toEqual(summary)
    expect(await contentOf(db)).toEqual(await contentOf(store))
    expect(await schemaOf(db)).toEqual(await schemaOf(store))
  })

  test('reading it alone counts the same', async () => {
    expect(await (await openBackup(inPieces(file, 1_000))).read(countRows)).toEqual(summary)
    expect(summary).toMatchObject({ rows: 14, schema: migrations.length, format: 1 })
  })

  test('a file that is cut off anywhere is refused, and leaves a database to try again', async () => {
    const db = await emptyDatabase()
    const data = file.indexOf('\n-- data\n')
    for (const length of [0, 10, 200, data, data + 2_000, file.length - 20, file.length - 1])
      await expect(restored(file.subarray(0, length), db), `${length}`).rejects.toThrow(BadBackup)
    const missing = file.toString().replace(/\n[^\n]*Åsa[^\n]*\n/, '\n')
    await expect(restored(Buffer.from(missing), db)).rejects.toThrow(/rows of users are missing|violates/)
    await expect(restored(Buffer.from(missing.replace('copy blocks', 'copy pg_class')), db)).rejects.toThrow()
    expect(await restored(file, db)).toEqual(summary)
  })

  test('statements in the file are not run', async () => {
    const evil = file.toString().replace('\n-- data\n', '\ndrop table users;\n-- data\ndrop table users;\n')
    const db = await emptyDatabase()
    await expect(restored(Buffer.from(evil), db)).rejects.toThrow('a line that no backup has')
    const other = file.toString().replace(/\ncopy blocks \([^)]*\)/, '\ncopy schema_migrations (version)')
    await expect(restored(Buffer.from(other), db)).rejects.toThrow('a table that is not ours')
  })

  test('a database with something in it is left alone', async () => {
    const db = await emptyDatabase()
    await migrate({ connection: db.connection, log })
    await someone(db, 'Ada')
    const before = await contentOf(db)
    await expect(restored(file, db)).rejects.toThrow(NotEmpty)
    expect(await contentOf(db)).toEqual(before)
  })
})

test('a backup of an older version is restored and brought up to date', async () => {
  const older = await emptyDatabase()
  await migrate({ connection: older.connection, log, migrations: migrations.slice(0, 4) })
  await someone(older, 'Ada')
  const { file, summary } = await backupOf(older)
  expect(summary).toMatchObject({ schema: 4, rows: 1 })
  const db = await emptyDatabase()
  await restored(file, db)
  expect(await schemaOf(db)).toEqual(await schemaOf(store))
  expect(await contentOf(db)).toMatchObject({ users: [{ t: expect.stringContaining('Ada') }] })
  const tooNew = file.toString().replace('"schema":4', '"schema":4000')
  await expect(restored(Buffer.from(tooNew), await emptyDatabase())).rejects.toThrow('newer version')
})

test('what is written while it is taken is not in it, and does not wait', async () => {
  const db = await testDatabase()
  onTestFinished(() => db.close())
  const kept = await someone(db, 'Before')
  const rows = await connected(db, async client => {
    const script = writeBackup({ client, migrations, program: '0.0.0' })
    let text = String((await script.next()).value)
    const later = await someone(db, 'After')
    await db.database.query(addContact, [randomUUID(), later, kept])
    for (let next = await script.next(); !next.done; next = await script.next()) text += String(next.value)
    return text
  })
  expect(rows).toContain('Before')
  expect(rows).not.toContain('After')
})
