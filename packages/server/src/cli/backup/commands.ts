import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type Config, loadConfig } from '../../config.js'
import { createLogger } from '../../log.js'
import { type BackupSummary, BadBackup } from '../../storage/backup/format.js'
import { countRows, openBackup } from '../../storage/backup/read-backup.js'
import { NotEmpty, restoreBackup } from '../../storage/backup/restore-backup.js'
import type { Connection } from '../../storage/connection.js'
import { openEmbedded } from '../../storage/embedded/embedded.js'
import { embeddedStatus } from '../../storage/embedded/status.js'
import { readMigrations } from '../../storage/migration-files.js'
import { CommandError } from '../exit-codes.js'
import { explain, size } from '../text.js'
import { version } from '../version.js'
import type { World } from '../world.js'
import { saveBackup } from './save-backup.js'

/** The database at this moment in one file, also while servers work on it. */
export async function backup({ env, readFile, terminal, process }: World, where: string): Promise<void> {
  const config = loadConfig(env, readFile)
  const { databaseUrl, dataDir, tokenKeyFile } = config
  if (databaseUrl === undefined && !(await embeddedStatus(dataDir)).initialised)
    throw new CommandError(`there is no database in ${dataDir} yet: start the server once, or set DATA_DIR`)
  const stopped = new AbortController()
  process.onStop(signal => stopped.abort(new CommandError(`stopped by ${signal}: nothing was written`)))
  const migrations = await readMigrations()
  const stopwatch = startStopwatch()
  const saved = await withConnection(config, { exclusive: false }, connection =>
    saveBackup({ connection, where, program: version, migrations, signal: stopped.signal }),
  )
  const { file, bytes, summary } = saved
  terminal.out(`wrote ${file}: ${said(summary)}, ${size(bytes)}, in ${stopwatch()}`)
  terminal.err(`Keep the token key too, in another place (${tokenKeyFile}), and your settings.`)
}

export interface RestoreOptions {
  readonly check?: boolean
}

/** Fills an empty database; or only looks whether the file is whole. */
export async function restore({ env, readFile, terminal }: World, file: string, { check }: RestoreOptions) {
  const config = loadConfig(env, readFile)
  const chunks = pipeline(createReadStream(file), createGunzip(), () => {})
  const stopwatch = startStopwatch()
  try {
    const found = await openBackup(chunks)
    if (check) return terminal.out(`${file} is whole: ${said(await found.read(countRows))}`)
    const [migrations, log] = [await readMigrations(), createLogger('silent')]
    const summary = await withConnection(config, { exclusive: true }, connection =>
      restoreBackup(found, { connection, migrations, log }),
    )
    terminal.out(`restored ${said(summary)}, in ${stopwatch()}`)
    terminal.err(`Put the token key of then in its place (${config.tokenKeyFile}), and start the server.`)
  } catch (error) {
    if (error instanceof NotEmpty)
      throw new CommandError(`${error.message}: set DATA_DIR or DATABASE_URL to an empty one`)
    if (error instanceof BadBackup || isOfFile(error))
      throw new CommandError(`${file}: ${explain(error)}; nothing was restored`)
    throw error
  } finally {
    chunks.destroy()
  }
}

/** `exclusive`: no server may start on it meanwhile. */
async function withConnection<T>(
  { databaseUrl, dataDir }: Config,
  { exclusive }: { readonly exclusive: boolean },
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== undefined) return work(databaseUrl)
  const embedded = await openEmbedded({ dataDir, log: createLogger('silent'), exclusive })
  try {
    return await work(embedded.connection)
  } finally {
    await embedded.stop()
  }
}

const said = ({ taken, rows, tables }: BackupSummary) => `all of ${taken}, ${rows} rows of ${tables} tables`

function startStopwatch(): () => string {
  const since = performance.now()
  return () => `${((performance.now() - since) / 1_000).toFixed(1)} s`
}

/** It cannot be read, or what was packed is cut off or damaged. */
const isOfFile = (error: unknown) =>
  error instanceof Error && 'code' in error && /^(ENOENT|EACCES|EISDIR|Z_)/.test(String(error.code))
