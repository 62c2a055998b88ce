import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One numbered file of `packages/server/migrations`; never edited once released. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

const shipped = fileURLToPath(new URL('../../migrations', import.meta.url))
const fileName = /^(\d{4})_([a-z0-9_]+)\.sql$/

/** The migrations in their order. They count from 1 without a gap. */
export async function readMigrations(directory = shipped): Promise<Migration[]> {
  const names = (await readdir(directory)).filter(name => name.endsWith('.sql')).sort()
  return Promise.all(names.map((name, index) => readMigration(directory, name, index + 1)))
}

async function readMigration(directory: string, file: string, expected: number): Promise<Migration> {
  const [, number, name] = fileName.exec(file) ?? []
  if (Number(number) !== expected || name === undefined) {
    throw new Error(`${file} is not migration number ${expected}: the files count from 0001 without a gap`)
  }
  // A checkout on Windows may bring other line endings; the migration is the same.
  const sql = (await readFile(join(directory, file), 'utf8')).replaceAll('\r\n', '\n')
  return { version: expected, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
}
