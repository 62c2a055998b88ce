import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../log.js'
import { clientConfig, type ServerAddress } from './connection.js'
import { databaseSql } from './database-sql.js'
import { readMigrations } from './migration-files.js'
import { migrate } from './migrations.js'
import { schemaOf, type TestDatabase, testDatabase } from './testing.js'

const file = fileURLToPath(new URL('../../../../database.sql', import.meta.url))
const log = createLogger('silent')

async function fresh(options: { migrated: boolean }): Promise<TestDatabase> {
  const db = await testDatabase(options)
  onTestFinished(() => db.close())
  return db
}

/** As an operator does it; through our driver where there is no psql. */
async function runFile({ connection, url }: TestDatabase) {
  try {
    await promisify(execFile)('psql', [url, '--set', 'ON_ERROR_STOP=1', '--quiet', '--file', file])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await withClient(connection, async client => client.query(await readFile(file, 'utf8')))
  }
}

async function withClient<T>(connection: ServerAddress, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(clientConfig(connection))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

test('database.sql is made from the migrations', async () => {
  const text = (await readFile(file, 'utf8')).replaceAll('\r\n', '\n')
  expect(text, 'run: npm run build && node packages/server/dist/storage/database-sql.js > database.sql').toBe(
    databaseSql(await readMigrations()),
  )
})

test('a database set up by hand is the same as a migrated one, and needs no migration', async () => {
  const byHand = await fresh({ migrated: false })
  const migrated = await fresh({ migrated: true })
  await runFile(byHand)
  const before = await schemaOf(byHand)
  expect(await migrate({ connection: byHand.url, log })).toEqual([])
  expect(await schemaOf(byHand)).toEqual(before)
  expect(before).toEqual(await schemaOf(migrated))
  expect(before.length).toBeGreaterThan(50)
})

test('database.sql does nothing to a database that has the schema already', async () => {
  const db = await fresh({ migrated: true })
  const before = await schemaOf(db)
  await expect(runFile(db)).rejects.toThrow(/already exists/)
  expect(await schemaOf(db)).toEqual(before)
})
