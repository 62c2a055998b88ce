import type { Logger } from '../log.js'
import type { Database } from './database.js'
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
  const database = openDatabase({ connection, log })
  const close = async () => {
    await database.close()
    await embedded?.stop()
  }
  try {
    const migrated = runMigrations ? await migrate({ connection, log }) : []
    await database.ping()
    return { database, migrated, close }
  } catch (error) {
    await close()
    throw error
  }
}
