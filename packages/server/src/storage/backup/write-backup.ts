import type { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { beginSchema } from '../database-sql.js'
import type { Migration } from '../migration-files.js'
import { pending, recorded } from '../migrations.js'
import {
  type BackupHeader,
  type BackupSummary,
  columnsOf,
  copyLine,
  dataBegins,
  endOfRows,
  firstLine,
  headerLine,
  lastLine,
  rowsLine,
} from './format.js'
import { readTables, tablesOf } from './tables.js'

export interface BackupSource {
  /** A connection that nothing else uses. */
  readonly client: Client
  readonly migrations: readonly Migration[]
  readonly program: string
}

/**
 * The database at one moment, piece by piece; its summary at the end. It reads in one snapshot: what is written
 * meanwhile is not in it, and holds nothing up.
 */
export async function* writeBackup(source: BackupSource): AsyncGenerator<Buffer | string, BackupSummary> {
  const { client, migrations } = source
  await client.query(begin)
  const { header, schema } = await describe(source)
  yield* introduction(header, schema)
  const tables = await readTables(client, tablesOf(migrations))
  let rows = 0
  for (const table of tables) {
    yield `${copyLine(table)}\n`
    const copied = client.query(copyTo(`copy ${columnsOf(table)} to stdout`))
    for await (const chunk of copied) yield chunk as Buffer
    rows += copied.rowCount
    yield `${endOfRows}\n${rowsLine(copied.rowCount)}\n`
  }
  await client.query('commit')
  yield `commit;\n${lastLine(tables.length, rows)}\n`
  return { ...header, tables: tables.length, rows }
}

/** How values are written must not depend on how this database is set up, nor may a large table end it. */
const begin = `begin isolation level repeatable read read only;
  set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
  set local datestyle = 'ISO'; set local timezone = 'UTC'; set local bytea_output = 'hex'`

async function describe({ client, migrations, program }: BackupSource) {
  // Its schema is one that this program knows, or it throws.
  const done = await recorded(client)
  pending(done, migrations)
  const newest = done.at(-1)
  if (newest === undefined) throw new Error('there is no Switchboard in this database yet')
  const { rows } = await client.query<{ taken: Date }>('select now() as taken')
  const taken = rows[0]?.taken.toISOString() ?? ''
  const header: BackupHeader = { format: 1, schema: newest.version, taken, program }
  return { header, schema: beginSchema(migrations.slice(0, newest.version)) }
}

function* introduction(header: BackupHeader, schema: string) {
  yield `${firstLine}\n${headerLine(header)}\n`
  yield '-- switchboard restore FILE; or by PostgreSQL alone, in an empty database:\n'
  yield '--   gunzip -c FILE | psql "$DATABASE_URL" --quiet --set ON_ERROR_STOP=1\n--\n'
  yield "set client_encoding = 'UTF8';\n"
  // One transaction for schema and rows: half a file leaves nothing.
  yield `${schema}\n${dataBegins}\n`
}
