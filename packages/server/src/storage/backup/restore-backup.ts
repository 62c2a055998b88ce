import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Logger } from '../../log.js'
import type { Connection } from '../connection.js'
import type { Migration } from '../migration-files.js'
import { migrate, recorded } from '../migrations.js'
import { connectTo, serversOf } from '../servers.js'
import { type BackupSummary, BadBackup, columnsOf, type Table } from './format.js'
import type { Backup } from './read-backup.js'
import { readTables, tablesOf } from './tables.js'

export interface RestoreTarget {
  readonly connection: Connection
  readonly migrations: readonly Migration[]
  readonly log: Logger
}

/** There is something already where the backup was to go. */
export class NotEmpty extends Error {
  override readonly name = 'NotEmpty'
}

/** Makes the schema of the backup's time, fills it in one transaction, and brings it up to date. */
export async function restoreBackup(backup: Backup, target: RestoreTarget): Promise<BackupSummary> {
  const { connection, migrations, log } = target
  const { schema } = backup.header
  if (schema > migrations.length)
    throw new BadBackup('a newer version of Switchboard wrote it: restore with that one')
  const client = await connectTo(serversOf(connection, Math.random))
  try {
    await refuseOthers(client, migrations, schema)
    await migrate({ connection, log, migrations: migrations.slice(0, schema) })
    const summary = await fill(client, backup, tablesOf(migrations))
    await migrate({ connection, log, migrations })
    // Without figures about the tables its first plans are guesses.
    await client.query('begin; set local statement_timeout = 0; analyze; commit')
    return summary
  } finally {
    await client.end().catch(() => {})
  }
}

/** A restore that broke off leaves an empty schema, and may be tried again. */
async function refuseOthers(client: Client, migrations: readonly Migration[], schema: number) {
  const newest = (await recorded(client)).at(-1)
  const tables = await readTables(client, tablesOf(migrations))
  for (const { name } of tables) {
    const { rowCount } = await client.query(`select from ${name} limit 1`)
    if (rowCount !== 0) throw new NotEmpty('there is data in this database')
  }
  if (newest !== undefined && newest.version > schema)
    throw new NotEmpty('this database has a newer schema than the backup')
}

async function fill(client: Client, backup: Backup, ours: readonly string[]): Promise<BackupSummary> {
  await client.query('begin; set local statement_timeout = 0')
  try {
    const known = new Map((await readTables(client, ours)).map(table => [table.name, table]))
    const summary = await backup.read(async (table, rows) => {
      if (!isKnown(table, known.get(table.name))) throw new BadBackup(`it has a table that is not ours`)
      const sink = client.query(copyFrom(`copy ${columnsOf(table)} from stdin`))
      await pipeline(rows, sink)
      return sink.rowCount
    })
    await client.query('commit')
    return summary
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

const isKnown = ({ columns }: Table, ours: Table | undefined) =>
  ours !== undefined && columns.every(column => ours.columns.includes(column))
