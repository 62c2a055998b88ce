import {
  type BackupHeader,
  type BackupSummary,
  BadBackup,
  dataBegins,
  firstLine,
  lastLine,
  readCopyLine,
  readHeader,
  rowsLine,
  type Table,
} from './format.js'
import { readScript, type Script } from './script.js'

/** What becomes of the rows of a table; resolves with how many there were. */
export type TakeRows = (table: Table, rows: AsyncIterable<Buffer>) => Promise<number>

export interface Backup {
  readonly header: BackupHeader
  /** Gives every table to `take`, in order. Resolves only where the file is whole. */
  read(take: TakeRows): Promise<BackupSummary>
}

/** Reads as far as the header. The schema in the file is for psql: nothing of it is ever run by us. */
export async function openBackup(chunks: AsyncIterable<Buffer>): Promise<Backup> {
  const script = readScript(chunks)
  if ((await script.line()) !== firstLine) throw new BadBackup('it is no backup of Switchboard')
  const header = readHeader((await script.line()) ?? '')
  return { header, read: take => readAll(script, header, take) }
}

async function readAll(script: Script, header: BackupHeader, take: TakeRows): Promise<BackupSummary> {
  let line = await script.line()
  while (line !== undefined && line !== dataBegins) line = await script.line()
  let [tables, rows] = [0, 0]
  for (line = await script.line(); line !== 'commit;'; line = await script.line()) {
    if (line === undefined) throw new BadBackup('it ends in the middle: it is not whole')
    const table = readCopyLine(line)
    if (table === undefined) throw new BadBackup('it has a line that no backup has')
    const count = await take(table, script.rows())
    if ((await script.line()) !== rowsLine(count))
      throw new BadBackup(`rows of ${table.name} are missing: it is not whole`)
    tables += 1
    rows += count
  }
  if ((await script.line()) !== lastLine(tables, rows)) throw new BadBackup('it is not whole')
  return { ...header, tables, rows }
}

/** Only counts: what reading a file to its end is for. */
export const countRows: TakeRows = async (_table, rows) => {
  let count = 0
  for await (const block of rows) for (const byte of block) if (byte === 0x0a) count += 1
  return count
}
