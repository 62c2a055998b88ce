/**
 * A backup is a script that psql runs as it is: the schema, then each table's rows as COPY writes them, in an order that
 * foreign keys allow. The comments are what `switchboard restore` goes by.
 */
export interface BackupHeader {
  readonly format: 1
  /** The newest migration of the database it was taken from. */
  readonly schema: number
  /** By the database's clock: what was committed before is in it. */
  readonly taken: string
  /** The program that wrote it. */
  readonly program: string
}

export interface BackupSummary extends BackupHeader {
  readonly tables: number
  readonly rows: number
}

export const firstLine = '-- Switchboard backup'
export const dataBegins = '-- data'
export const endOfRows = '\\.'

export const headerLine = (header: BackupHeader) => `-- ${JSON.stringify(header)}`
export const rowsLine = (rows: number) => `-- ${rows} rows`
export const lastLine = (tables: number, rows: number) => `-- complete: ${tables} tables, ${rows} rows`

/** A table of ours, and the columns that are copied. */
export interface Table {
  readonly name: string
  readonly columns: readonly string[]
}

export const columnsOf = ({ name, columns }: Table) => `${name} (${columns.join(', ')})`
export const copyLine = (table: Table) => `copy ${columnsOf(table)} from stdin;`

/** The file is none of ours, or not whole. */
export class BadBackup extends Error {
  override readonly name = 'BadBackup'
}

/** Throws unless it is a header that this program can read. */
export function readHeader(line: string): BackupHeader {
  let header: Partial<BackupHeader>
  try {
    header = JSON.parse(line.replace(/^-- /, '')) as Partial<BackupHeader>
  } catch (cause) {
    throw new BadBackup('its header cannot be read', { cause })
  }
  const { format, schema, taken, program } = header
  if (format !== 1) throw new BadBackup('a newer version of Switchboard wrote it: restore with that one')
  if (typeof schema !== 'number' || typeof taken !== 'string' || typeof program !== 'string')
    throw new BadBackup('its header cannot be read')
  return { format, schema, taken, program }
}

const copyShape = /^copy ([a-z_0-9]+) \(([a-z_0-9]+(?:, [a-z_0-9]+)*)\) from stdin;$/

/** Names are plain words, and so fit to stand in a statement again. */
export function readCopyLine(line: string): Table | undefined {
  const [, name, columns] = copyShape.exec(line) ?? []
  return name === undefined || columns === undefined ? undefined : { name, columns: columns.split(', ') }
}
