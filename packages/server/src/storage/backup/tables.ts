import type { ClientBase } from 'pg'
import type { Migration } from '../migration-files.js'
import type { Table } from './format.js'

interface Found extends Table {
  /** Tables whose rows must be there before. */
  readonly needs: readonly string[]
}

/** The tables that migrations make, but for their own record. Others in the same schema are somebody else's. */
export function tablesOf(migrations: readonly Migration[]): string[] {
  const made = migrations.flatMap(({ sql }) =>
    [...sql.matchAll(/^create table (\w+)/gm)].map(([, name]) => name),
  )
  return made.filter(name => name !== undefined)
}

/** Those of them that the database has, each after the tables that its foreign keys point to. */
export async function readTables(client: ClientBase, names: readonly string[]): Promise<Table[]> {
  const { rows } = await client.query<Found>(catalogue, [names])
  return inOrder(rows)
}

const catalogue = `
  select c.relname::text as name,
    array(
      select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum
    ) as columns,
    array(
      select distinct r.relname::text from pg_constraint k join pg_class r on r.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f' and r.oid <> c.oid
    ) as needs
  from pg_class c
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname = any($1)
  order by c.relname`

export function inOrder(tables: readonly Found[]): Table[] {
  const ordered: Found[] = []
  for (let left = [...tables]; left.length > 0; ) {
    const placed = new Set(ordered.map(({ name }) => name))
    const next = left.filter(({ needs }) => needs.every(name => placed.has(name)))
    if (next.length === 0) throw new Error(`tables point at each other: ${left.map(({ name }) => name)}`)
    ordered.push(...next)
    left = left.filter(table => !next.includes(table))
  }
  return ordered
}
