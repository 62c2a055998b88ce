import { type Client, DatabaseError } from 'pg'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Connection } from './connection.js'
import { explain, isSerializationFailure, sqlState } from './errors.js'
import { type Migration, readMigrations } from './migration-files.js'
import { alone, makeOnline, type OnlineIndex, onlineIndexesOf } from './online-indexes.js'
import { connectTo, type Servers, serversOf } from './servers.js'

export interface MigrateOptions {
  readonly connection: Connection
  readonly log: Logger
  /** Ours, unless a test brings its own. */
  readonly migrations?: readonly Migration[]
}

/** The database and this program do not fit together; an operator has to decide. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch'
}

/** Where migrations are recorded; `database.sql` makes and fills the same table. */
export const recordTable = `create table schema_migrations (
  version integer primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now()
);
`

/** Any number, the same in every node: the advisory lock under which the schema changes. */
const lockKey = 7_236_114_001

/** Brings the schema up to this program's version; once, however many nodes start. Returns what it applied. */
export async function migrate({ connection, log, migrations }: MigrateOptions): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations())
  const servers = serversOf(connection, Math.random)
  const client = await connectTo(servers)
  let broken: Error | undefined
  client.on('error', error => {
    broken ??= error
  })
  try {
    const missing = pending(await recorded(client), wanted)
    const applied: string[] = []
    if (missing.length > 0) {
      const advisory = await hasAdvisoryLocks(client)
      const locked = lockedTransactions(client, advisory)
      const atomic = await isAtomic(client)
      const isUpgrade = missing.length < wanted.length
      await locked(() => createRecord(client))
      for (const migration of missing) {
        const indexes = atomic && advisory ? onlineIndexesOf(migration.sql) : undefined
        const work = indexes
          ? applyOnline(client, migration, { indexes, servers, locked, log, isUpgrade })
          : locked(() => apply(client, migration, atomic))
        if (await work) applied.push(title(migration))
      }
    }
    if (applied.length > 0) log.info({ migrations: applied }, 'the database schema was brought up to date')
    return applied
  } catch (error) {
    throw explain(error, broken)
  } finally {
    await client.end().catch(() => {})
  }
}

export type Recorded = Pick<Migration, 'version' | 'name' | 'checksum'>

/** The migrations that were applied to this database, in order. */
export async function recorded(client: Client): Promise<Recorded[]> {
  try {
    const { rows } = await client.query(
      'select version::int4, name, checksum from schema_migrations order by version',
    )
    return rows as Recorded[]
  } catch (error) {
    if (sqlState(error) === undefinedTable) return []
    throw error
  }
}

/** What is left to do; refuses a database that this program did not make this way. */
export function pending(done: readonly Recorded[], wanted: readonly Migration[]): Migration[] {
  const newest = done.at(-1)
  if (newest && newest.version > wanted.length) {
    throw new SchemaMismatch(
      `the database is at migration ${title(newest)}, this program knows only ${wanted.length}: run a newer version of it`,
    )
  }
  for (const { version, name, checksum } of done) {
    const migration = wanted[version - 1]
    if (migration?.checksum !== checksum) {
      throw new SchemaMismatch(
        `migration ${title({ version, name })} was edited after it was applied to this database: restore the file`,
      )
    }
  }
  const versions = new Set(done.map(({ version }) => version))
  return wanted.filter(({ version }) => !versions.has(version))
}

type Locked = <T>(work: () => Promise<T>) => Promise<T>

/** Runs work in a transaction of its own, one at a time among all nodes. */
function lockedTransactions(client: Client, advisory: boolean): Locked {
  return async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(begin)
        if (advisory) await client.query('select pg_advisory_xact_lock($1)', [lockKey])
        const result = await work()
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch(() => {})
        // Where advisory locks do nothing, two nodes may meet here; the second time the first is done.
        if (attempt === limits.databaseAttempts || !(isSerializationFailure(error) || isSameObject(error))) {
          throw error
        }
      }
    }
  }
}

async function hasAdvisoryLocks(client: Client): Promise<boolean> {
  try {
    await client.query(begin)
    await client.query('select pg_advisory_xact_lock($1)', [lockKey])
    return true
  } catch (error) {
    if (notSupported.has(sqlState(error) ?? '')) return false
    throw error
  } finally {
    await client.query('rollback').catch(() => {})
  }
}

/** Set for the transaction: a pooler may lend the next one another session, and a role may have shorter times. */
const begin = `begin; set local statement_timeout = 0; set local lock_timeout = ${limits.migrationWaitMs}`

async function createRecord(client: Client): Promise<void> {
  const { rows } = await client.query("select to_regclass('schema_migrations') is not null as exists")
  if (rows[0]?.exists !== true) await client.query(recordTable)
}

/**
 * CockroachDB and YugabyteDB commit changes of the schema one by one, whatever transaction they stand in: a record that
 * came before them would stay when they fail.
 */
async function isAtomic(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ version: string }>('select version() as version')
  return !/CockroachDB|-YB-/.test(rows[0]?.version ?? '')
}

/** The record is written first, where that can be: its key holds back another node until this one is done. */
async function apply(client: Client, migration: Migration, atomic: boolean): Promise<boolean> {
  if (atomic) {
    if (!(await record(client, migration))) return false
    await change(client, migration)
    return true
  }
  if ((await recorded(client)).some(({ version }) => version === migration.version)) return false
  await change(client, migration)
  return record(client, migration)
}

interface Online {
  readonly indexes: readonly OnlineIndex[]
  readonly servers: Servers
  readonly locked: Locked
  readonly log: Logger
  readonly isUpgrade: boolean
}

/** Makes indexes while rows are written, outside a transaction; what a crash leaves of it is done again. */
async function applyOnline(
  client: Client,
  migration: Migration,
  { indexes, servers, locked, log, isUpgrade }: Online,
) {
  const isRecorded = async () => (await recorded(client)).some(({ version }) => version === migration.version)
  const keeper = await connectTo(servers)
  try {
    return await alone(keeper, async () => {
      if (await isRecorded()) return false
      // What a pooler lends keeps nothing; there the times of the role hold.
      if (!servers.pooled) {
        await client.query(`set statement_timeout = 0; set lock_timeout = ${limits.migrationWaitMs}`)
      }
      for (const index of indexes) {
        // Of an upgrade alone: at the first start there is nothing that would take its time.
        if (isUpgrade) log.info({ index: index.name }, 'making an index of the database, writes go on')
        await tell(migration, () => makeOnline(client, index))
      }
      return await locked(() => record(client, migration))
    })
  } finally {
    await keeper.end().catch(() => {})
  }
}

async function record(client: Client, { version, name, checksum }: Migration): Promise<boolean> {
  const { rowCount } = await client.query(
    'insert into schema_migrations (version, name, checksum) values ($1, $2, $3) on conflict (version) do nothing',
    [version, name, checksum],
  )
  return rowCount === 1
}

const change = (client: Client, migration: Migration) => tell(migration, () => client.query(migration.sql))

/** What fails is told by the migration's name. */
async function tell(migration: Migration, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof DatabaseError) || isSerializationFailure(error)) throw error
    throw new SchemaMismatch(`migration ${title(migration)} failed: ${error.message}`, { cause: error })
  }
}

const title = ({ version, name }: Pick<Migration, 'version' | 'name'>) =>
  `${String(version).padStart(4, '0')}_${name}`

const undefinedTable = '42P01'
const notSupported = new Set(['0A000', '42883'])
/** Two creations of the same table at the same moment: the table, or its row in the catalogue, is there already. */
const isSameObject = (error: unknown) => ['42P07', '42710', '23505'].includes(sqlState(error) ?? '')
