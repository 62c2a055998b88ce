import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../log.js'
import { type Database, statement } from './database.js'
import { DatabaseUnavailable } from './errors.js'
import { type Migration, readMigrations } from './migration-files.js'
import { migrate, SchemaMismatch } from './migrations.js'
import { schemaOf, testDatabase } from './testing.js'

const log = createLogger('silent')

const migration = (version: number, sql: string): Migration => ({
  version,
  name: `step_${version}`,
  sql,
  checksum: `${version}: ${sql}`,
})
// The second one would fail if it ran twice.
const steps = [migration(1, 'create table a (n integer)'), migration(2, 'alter table a add column m integer')]

async function emptyDatabase() {
  const db = await testDatabase({ migrated: false })
  onTestFinished(() => db.close())
  return db
}

const records = statement<{ version: number; name: string; checksum: string }>(
  'test.records',
  'select version, name, checksum from schema_migrations order by version',
)

test('migrations are applied in order and recorded', async () => {
  const { connection, database } = await emptyDatabase()
  expect(await migrate({ connection, log, migrations: steps })).toEqual(['0001_step_1', '0002_step_2'])
  expect(await database.query(records)).toEqual(
    steps.map(({ version, name, checksum }) => ({ version, name, checksum })),
  )
  expect(await migrate({ connection, log, migrations: steps })).toEqual([])
})

test('our own migrations make the schema', async () => {
  const db = await emptyDatabase()
  const applied = await migrate({ connection: db.connection, log })
  expect(applied).toHaveLength((await readMigrations()).length)
  expect((await schemaOf(db)).join('\n')).toContain('users')
})

test('five nodes that start together apply each migration once', async () => {
  const { connection, database } = await emptyDatabase()
  const slow = [migration(1, 'select pg_sleep(0.1); create table a (n integer)'), ...steps.slice(1)]
  const applied = await Promise.all(
    Array.from({ length: 5 }, () => migrate({ connection, log, migrations: slow })),
  )
  expect(applied.flat().sort()).toEqual(['0001_step_1', '0002_step_2'])
  expect(await database.query(records)).toHaveLength(2)
})

/** A function of the database behaves as it does elsewhere. */
async function standIn(database: Database, definition: string) {
  await database.query(statement('test.stand_in', `create function public.${definition}`))
  await database.query(
    statement(
      'test.path',
      "do $$ begin execute format('alter database %I set search_path to public, pg_catalog', current_database()); end $$",
    ),
  )
}

test('without advisory locks the record alone keeps nodes apart', async () => {
  const { connection, database } = await emptyDatabase()
  // As in databases that know the function and do nothing in it.
  await standIn(database, "pg_advisory_xact_lock(bigint) returns void language sql as ''")
  const slow = [migration(1, 'select pg_sleep(0.1); create table a (n integer)'), ...steps.slice(1)]
  const applied = await Promise.all(
    Array.from({ length: 5 }, () => migrate({ connection, log, migrations: slow })),
  )
  expect(applied.flat().sort()).toEqual(['0001_step_1', '0002_step_2'])
})

test.each(['CockroachDB CCL v25.4.1', 'PostgreSQL 15.12-YB-2025.1.0.0'])(
  'where a schema does not change as a whole, a migration is recorded when it is done: %s',
  async version => {
    const { connection, database } = await emptyDatabase()
    await standIn(database, `version() returns text language sql as $$ select '${version}' $$`)
    const unrecorded =
      "do $$ begin if exists (select from schema_migrations) then raise exception 'too early'; end if; end $$"
    const first = [migration(1, unrecorded)]
    expect(await migrate({ connection, log, migrations: first })).toEqual(['0001_step_1'])
    expect(await migrate({ connection, log, migrations: first })).toEqual([])
    expect(await database.query(records)).toHaveLength(1)
  },
)

test('a migration that was edited after its release is refused by name', async () => {
  const { connection } = await emptyDatabase()
  await migrate({ connection, log, migrations: steps })
  const edited = [{ ...migration(1, 'create table a (n bigint)') }, ...steps.slice(1)]
  const refusal = migrate({ connection, log, migrations: edited })
  await expect(refusal).rejects.toBeInstanceOf(SchemaMismatch)
  await expect(refusal).rejects.toThrow(/^migration 0001_step_1 was edited after .*$/)
})

test('a database that is newer than the program is refused', async () => {
  const { connection } = await emptyDatabase()
  await migrate({ connection, log, migrations: steps })
  const refusal = migrate({ connection, log, migrations: steps.slice(0, 1) })
  await expect(refusal).rejects.toBeInstanceOf(SchemaMismatch)
  await expect(refusal).rejects.toThrow(
    /^the database is at migration 0002_step_2, this program knows only 1: .*$/,
  )
})

test('a migration that fails leaves nothing of itself, and those before it stay', async () => {
  const { connection, database } = await emptyDatabase()
  const broken = [
    ...steps,
    migration(3, 'create table b (n integer); alter table nowhere add column m integer'),
  ]
  await expect(migrate({ connection, log, migrations: broken })).rejects.toThrow(
    /^migration 0003_step_3 failed: relation "nowhere" does not exist$/,
  )
  expect(await database.query(records)).toHaveLength(2)
  const tables = await database.query(statement('test.tables', "select to_regclass('b') as b"))
  expect(tables).toEqual([{ b: null }])
})

test('a database that is away is said to be so', async () => {
  const connection = { host: '127.0.0.1', port: 1, user: 'nobody', password: '', database: 'none' }
  await expect(migrate({ connection, log, migrations: steps })).rejects.toBeInstanceOf(DatabaseUnavailable)
})
