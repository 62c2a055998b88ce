import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { BackupSummary } from '../../storage/backup/format.js'
import { writeBackup } from '../../storage/backup/write-backup.js'
import type { Connection } from '../../storage/connection.js'
import type { Migration } from '../../storage/migration-files.js'
import { connectTo, serversOf } from '../../storage/servers.js'
import { CommandError } from '../exit-codes.js'

export interface BackupOrder {
  readonly connection: Connection
  /** A file that is not there yet, or a directory. */
  readonly where: string
  readonly migrations: readonly Migration[]
  readonly program: string
  readonly signal: AbortSignal
}

export interface Saved {
  readonly file: string
  readonly bytes: number
  readonly summary: BackupSummary
}

/** The file has its name only once it is whole and on the disk. Its owner alone may read it. */
export async function saveBackup(order: BackupOrder): Promise<Saved> {
  const place = await placeOf(order.where)
  const partial = join(dirname(place('')), `.${basename(place(''))}.${process.pid}.partial`)
  try {
    const summary = await fill(partial, order)
    const { size: bytes } = await stat(partial)
    const file = place(summary.taken)
    await rename(partial, file)
    return { file, bytes, summary }
  } catch (error) {
    await rm(partial, { force: true })
    throw order.signal.aborted ? order.signal.reason : error
  }
}

/** What the file is called, once the time is known. */
async function placeOf(where: string): Promise<(taken: string) => string> {
  const there = await stat(where).catch(() => undefined)
  if (there === undefined) return () => where
  if (!there.isDirectory()) throw new CommandError(`${where} is there already: name another file`)
  return taken => join(where, `switchboard-${taken.replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '')}.sql.gz`)
}

async function fill(partial: string, order: BackupOrder): Promise<BackupSummary> {
  const { connection, migrations, program, signal } = order
  const client = await connectTo(serversOf(connection, Math.random))
  try {
    const script = writeBackup({ client, migrations, program })
    let summary: BackupSummary | undefined
    const pieces = Readable.from(
      (async function* () {
        summary = yield* script
      })(),
    )
    // On the disk when it is closed, and its owner's alone.
    const sink = createWriteStream(partial, { mode: 0o600, flush: true })
    await pipeline(pieces, createGzip(), sink, { signal })
    if (summary === undefined) throw new Error('the backup ended before its end')
    return summary
  } finally {
    await client.end().catch(() => {})
  }
}
