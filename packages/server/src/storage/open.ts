import { readDatabaseUrl } from '../config/database-url.js'
import type { Logger } from '../log.js'
import type { Meter } from '../meter.js'
import { type Database, statement } from './database.js'
import { openEmbedded } from './embedded/embedded.js'
import { migrate } from './migrations.js'
import { openDatabase } from './pg-database.js'

export interface StorageOptions {
  /** Undefined: the embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  readonly log: Logger
  /** A server takes the data directory for itself; the command line works beside it. */
  readonly exclusive: boolean
  readonly runMigrations: boolean
  /** See `EmbeddedOptions`. */
  readonly onLost?: (reason: Error) => void
  readonly meter?: Meter
}

export interface Storage {
  readonly database: Database
  /** The migrations that this start applied. */
  readonly migrated: readonly string[]
  /** The pool, then the embedded PostgreSQL. */
  close(): Promise<void>
}

/** The database that the configuration asks for, ready for use; a failure leaves nothing behind. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { databaseUrl, log, runMigrations } = options
  const embedded = databaseUrl === undefined ? await openEmbedded(options) : undefined
  const connection = databaseUrl ?? embedded?.connection ?? ''
  const database = openDatabase({ connection, log, meter: options.meter })
  const close = async () => {
    await database.close()
    await embedded?.stop()
  }
  try {
    const migrated = runMigrations ? await migrate({ connection, log }) : []
    if (databaseUrl !== undefined && readDatabaseUrl(databaseUrl).pooled)
      await warnOfNoTimeouts(database, log)
    else await database.ping()
    return { database, migrated, close }
  } catch (error) {
    await close()
    throw error
  }
}

const timeouts = statement<{ name: string }>(
  'open.timeouts',
  "select name from pg_settings where name in ('statement_timeout', 'lock_timeout') and setting = '0' order by name",
)

/** A pooler takes no settings from us; where the role has none, a locked table holds everything up. */
async function warnOfNoTimeouts(database: Database, log: Logger): Promise<void> {
  const unset = (await database.query(timeouts)).map(({ name }) => name)
  if (unset.length > 0)
    log.warn({ unset }, 'statements have no time limits: see PgBouncer in docs/databases.md')
}
