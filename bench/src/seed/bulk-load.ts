import type { Client } from 'pg'

/**
 * Fills a table without its indexes and foreign keys, and makes them again after: row by row they would cost ten times
 * as much. That keys point at rows that exist is the filler's business; primary keys and uniqueness are checked.
 */
export async function bulkLoad(client: Client, table: string, fill: () => Promise<void>): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; define: string; drop: string }>(
    `select i.indexrelid::regclass::text as name,
       case when k.conname is null then pg_get_indexdef(i.indexrelid)
         else format('alter table %I add constraint %I %s', $1::text, k.conname, pg_get_constraintdef(k.oid)) end as define,
       case when k.conname is null then format('drop index %s', i.indexrelid::regclass)
         else format('alter table %I drop constraint %I cascade', $1::text, k.conname) end as drop
     from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u')
     where i.indrelid = $1::text::regclass`,
    [table],
  )
  const { rows: references } = await client.query<{ define: string }>(
    `select format('alter table %s add constraint %I %s not valid', conrelid::regclass, conname,
       pg_get_constraintdef(oid)) as define
     from pg_constraint where confrelid = $1::text::regclass and contype = 'f'`,
    [table],
  )
  await client.query('set synchronous_commit = off')
  await client.query("set maintenance_work_mem = '256MB'")
  await client.query('set statement_timeout = 0')
  // No triggers: those of foreign keys ask for every row.
  await client.query('set session_replication_role = replica')
  for (const { drop } of indexes) await client.query(drop)
  await fill()
  for (const { define } of indexes) await client.query(define)
  for (const { define } of references) await client.query(define)
  await client.query('set session_replication_role = origin')
}
