import { pathToFileURL } from 'node:url'
import { type Migration, readMigrations } from './migration-files.js'
import { recordTable } from './migrations.js'

const header = `-- The database of Switchboard, for who sets it up by hand; the server does it by itself otherwise.
--
-- Run it once on an empty database, as the user that the server will connect as:
--   createdb switchboard
--   psql "$DATABASE_URL" --set ON_ERROR_STOP=1 --file database.sql
-- and start the server with the same DATABASE_URL. Later versions bring it up to date themselves.
--
-- Made from packages/server/migrations: do not edit it, run
--   npm run build && node packages/server/dist/storage/database-sql.js > database.sql
`

/** All migrations in one file, which also records that they were applied. */
export const databaseSql = (migrations: readonly Migration[]): string =>
  `${header}\n${beginSchema(migrations)}\ncommit;\n`

/** The same, in a transaction that is still open. */
export function beginSchema(migrations: readonly Migration[]): string {
  const parts = migrations.map(
    ({ version, name, checksum, sql }) =>
      `${sql.trimEnd()}\n\ninsert into schema_migrations (version, name, checksum)\nvalues (${version}, '${name}', '${checksum}');\n`,
  )
  return ['begin;\n', recordTable, ...parts].join('\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(databaseSql(await readMigrations()))
}
