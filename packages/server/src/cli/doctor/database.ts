import type { Config } from '../../config.js'
import { createLogger } from '../../log.js'
import type { Database } from '../../storage/database.js'
import { statement } from '../../storage/database.js'
import { embeddedStatus } from '../../storage/embedded/status.js'
import { sqlState } from '../../storage/errors.js'
import { readMigrations } from '../../storage/migration-files.js'
import { pending, type Recorded, SchemaMismatch } from '../../storage/migrations.js'
import { openStorage } from '../../storage/open.js'
import { explain } from '../text.js'
import { type Finding, failure, ok, warning } from './check.js'

const server = statement<{ version: string; number: number; seconds: number }>(
  'doctor.server',
  `select version() as version, current_setting('server_version_num')::int as number,
     extract(epoch from clock_timestamp())::float8 as seconds`,
)
const recorded = statement<Recorded>(
  'doctor.migrations',
  'select version, name, checksum from schema_migrations order by version',
)

/** Whether it answers, fits, and agrees on the time. An embedded one that was never made is not made now. */
export async function databaseState({ databaseUrl, dataDir }: Config): Promise<Finding[]> {
  if (databaseUrl === undefined && !(await embeddedStatus(dataDir)).initialised) return []
  const log = createLogger('silent')
  let storage: Awaited<ReturnType<typeof openStorage>>
  try {
    storage = await openStorage({ databaseUrl, dataDir, log, exclusive: false, runMigrations: false })
  } catch (error) {
    return [failure(explain(error), databaseUrl === undefined ? embeddedAdvice : ownAdvice)]
  }
  try {
    return [...(await serverState(storage.database)), await schemaState(storage.database)]
  } finally {
    await storage.close()
  }
}

const ownAdvice =
  'check DATABASE_URL: host, port, user, password and database; psql "$DATABASE_URL" tells more'
const embeddedAdvice = 'look into postgresql.log in DATA_DIR; is the directory of another user or program?'

async function serverState(database: Database): Promise<Finding[]> {
  const [row] = await database.query(server)
  if (row === undefined) return []
  const name = row.version.split(' ').slice(0, 2).join(' ')
  const skew = Math.round(Math.abs(row.seconds - Date.now() / 1000))
  return [
    row.number < 130_000
      ? failure(`${name} is too old`, 'use PostgreSQL 13 or later')
      : ok(`${name} answers`),
    ...(skew > 5
      ? [
          warning(
            `its clock and ours differ by ${skew} s`,
            'set both by NTP: tokens and codes go by the time',
          ),
        ]
      : []),
  ]
}

async function schemaState(database: Database): Promise<Finding> {
  const wanted = await readMigrations()
  try {
    const missing = pending(await recordedIn(database), wanted)
    if (missing.length === 0) return ok('schema up to date')
    return warning(
      `schema: ${missing.length} of ${wanted.length} migrations to go`,
      'the next start applies them; "switchboard migrate" does it now',
    )
  } catch (error) {
    if (!(error instanceof SchemaMismatch)) throw error
    return failure(`schema: ${explain(error)}`, 'use the version of Switchboard that made this database')
  }
}

async function recordedIn(database: Database): Promise<Recorded[]> {
  try {
    return await database.query(recorded)
  } catch (error) {
    if (sqlState(error) === '42P01') return [] // nothing was ever applied
    throw error
  }
}
