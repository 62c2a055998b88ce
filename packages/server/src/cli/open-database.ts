import { type Config, loadConfig } from '../config.js'
import { createLogger } from '../log.js'
import type { Database } from '../storage/database.js'
import { embeddedStatus } from '../storage/embedded/status.js'
import { sqlState } from '../storage/errors.js'
import { openStorage } from '../storage/open.js'
import { CommandError } from './exit-codes.js'
import type { World } from './world.js'

export interface Opened {
  readonly config: Config
  readonly database: Database
}

/** Works on the database that the configuration names, also while a server runs on it. */
export async function withDatabase<T>(
  { env, readFile }: World,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const config = loadConfig(env, readFile)
  const { databaseUrl, dataDir } = config
  if (databaseUrl === undefined && !(await embeddedStatus(dataDir)).initialised)
    throw new CommandError(`there is no database in ${dataDir} yet: start the server once, or set DATA_DIR`)
  const storage = await openStorage({
    databaseUrl,
    dataDir,
    log: createLogger('silent'),
    exclusive: false,
    runMigrations: false,
  })
  try {
    return await work({ config, database: storage.database })
  } catch (error) {
    if (!schemaIsOther.has(sqlState(error) ?? '')) throw error
    throw new CommandError('the database schema is not that of this version: run "switchboard migrate"')
  } finally {
    await storage.close()
  }
}

/** No such table, no such column. */
const schemaIsOther = new Set(['42P01', '42703'])
