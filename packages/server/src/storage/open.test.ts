import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../log.js'
import { openEmbedded } from './embedded/embedded.js'
import { embeddedStatus } from './embedded/status.js'
import { DatabaseUnavailable } from './errors.js'
import { readMigrations } from './migration-files.js'
import { migrate, SchemaMismatch } from './migrations.js'
import { openStorage } from './open.js'
import { testDatabase } from './testing.js'

const options = {
  databaseUrl: undefined,
  dataDir: '/nowhere',
  log: createLogger('silent'),
  exclusive: true,
  runMigrations: true,
}

async function directory() {
  const path = await mkdtemp(join(tmpdir(), 'switchboard-open-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

test('without a URL it is the embedded database, migrated at the first start', async () => {
  const dataDir = await directory()
  const first = await openStorage({ ...options, dataDir })
  expect(first.migrated).toHaveLength((await readMigrations()).length)
  await first.database.ping()
  expect((await embeddedStatus(dataDir)).pid).toBeDefined()
  await first.close()
  expect((await embeddedStatus(dataDir)).pid).toBeUndefined()

  const second = await openStorage({ ...options, dataDir })
  expect(second.migrated).toEqual([])
  await second.close()
})

test('with a URL it is that database', async () => {
  const db = await testDatabase({ migrated: false })
  onTestFinished(() => db.close())
  const bare = await openStorage({ ...options, databaseUrl: db.url, runMigrations: false })
  expect(bare.migrated).toEqual([])
  await bare.close()
  const { migrated, close } = await openStorage({ ...options, databaseUrl: db.url })
  expect(migrated).toHaveLength((await readMigrations()).length)
  await close()
})

test('a database that is away is named with the reason', async () => {
  const away = openStorage({ ...options, databaseUrl: 'postgresql://a:secret@127.0.0.1:1/none' })
  await expect(away).rejects.toBeInstanceOf(DatabaseUnavailable)
  await expect(away).rejects.toThrow(/^no connection to the database: .*ECONNREFUSED.*$/)
  await expect(away).rejects.not.toThrow(/secret/)
})

test('a start that fails leaves nothing running', async () => {
  const dataDir = await directory()
  const { close } = await openStorage({ ...options, dataDir, runMigrations: false })
  const { connection, stop } = await openEmbedded({ ...options, dataDir, exclusive: false })
  await migrate({
    connection,
    log: options.log,
    migrations: [{ version: 1, name: 'other', sql: 'select 1', checksum: 'other' }],
  })
  await stop()
  await close()
  await expect(openStorage({ ...options, dataDir })).rejects.toBeInstanceOf(SchemaMismatch)
  expect((await embeddedStatus(dataDir)).pid).toBeUndefined()
})
