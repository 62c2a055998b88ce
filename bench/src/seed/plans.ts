import type { Client } from 'pg'

/** A node of `explain (format json)`, with what we read of it. */
interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Plan Rows'?: number
  readonly Plans?: readonly Node[]
}

/** Tables that are small by nature: a walk through them whole is a page. */
const small: Readonly<Record<string, string>> = {
  nodes: 'one row a node of the cluster',
  lasting_secrets: 'one row a purpose and key',
  schema_migrations: 'one row a migration',
  administrators: 'a dozen people',
  admin_sessions: 'their browsers',
  admin_passkeys: 'their keys',
  admin_recovery_codes: 'ten each',
  admin_challenges: 'those of the last minutes',
}

/** Statements that may walk, and why. */
const tolerated: Readonly<Record<string, string>> = {
  'mail_jobs.prune': 'housekeeping that nobody waits for, over mail of a day',
}

/** Lists that are narrowed down, and the index without which they would read on past all that does not fit. */
const served: Readonly<Record<string, string>> = {
  'call_views.page_by_user': 'calls_caller',
  'call_views.page_by_cause': 'calls_cause',
  'mail_queue.page_of_state': 'mail_jobs_state',
  'webhooks.page': 'webhook_deliveries_listed',
  'audit_log.page_by_act': 'audit_log_act',
  'audit_log.page_by_administrator': 'audit_log_administrator',
  'audit_log.page_by_administrator_act': 'audit_log_administrator',
  'user_search.among_indexed': 'users_search',
}

export interface Fault {
  readonly statement: string
  readonly why: string
}

const walks = (node: Node): string[] => [
  ...(node['Node Type'] === 'Seq Scan' && !((node['Relation Name'] ?? '') in small)
    ? [node['Relation Name'] ?? 'something']
    : []),
  ...(node.Plans ?? []).flatMap(walks),
]

const indexesOf = (node: Node): string[] => [
  ...(node['Index Name'] === undefined ? [] : [node['Index Name']]),
  ...(node.Plans ?? []).flatMap(indexesOf),
]

/** Whether it is one that PostgreSQL has plans for. */
const isPlanned = (text: string) => /^\s*(with|select|insert|update|delete)\b/i.test(text)

type Plans = readonly { readonly Plan: Node }[]

/** The plan for all values. */
async function planOf(client: Client, text: string): Promise<Plans> {
  await client.query('set plan_cache_mode = force_generic_plan')
  await client.query(`prepare planned as ${text}`)
  try {
    const { rows } = await client.query<{ count: number }>(
      "select cardinality(parameter_types) as count from pg_prepared_statements where name = 'planned'",
    )
    const nulls = Array.from({ length: rows[0]?.count ?? 0 }, () => 'null').join(', ')
    const explained = await client.query<{ 'QUERY PLAN': Plans }>(
      `explain (format json) execute planned${nulls === '' ? '' : `(${nulls})`}`,
    )
    return explained.rows[0]?.['QUERY PLAN'] ?? []
  } finally {
    await client.query('deallocate planned')
    await client.query('reset plan_cache_mode')
  }
}

/** Plans each statement as it runs once it was prepared, whatever its values, and tells which walk through a table. */
export async function planFaults(
  client: Client,
  statements: ReadonlyMap<string, string>,
  wanted = served,
): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const statement of Object.keys(wanted))
    if (!statements.has(statement)) faults.push({ statement, why: 'is no statement any more' })
  for (const [name, text] of statements) {
    if (!isPlanned(text) || name in tolerated) continue
    try {
      const plan = await planOf(client, text)
      const tables = plan.flatMap(({ Plan }) => walks(Plan))
      for (const table of tables) faults.push({ statement: name, why: `walks through ${table} whole` })
      const index = wanted[name]
      if (index !== undefined && !plan.flatMap(({ Plan }) => indexesOf(Plan)).includes(index))
        faults.push({ statement: name, why: `is not served by ${index}` })
    } catch (error) {
      faults.push({ statement: name, why: (error as Error).message })
    }
  }
  return faults
}

/** Foreign keys without an index to follow them back: deleting a row they point at walks through the table. */
export async function keyFaults(client: Client): Promise<Fault[]> {
  const { rows } = await client.query<{ name: string; table: string }>(
    `select k.conname as name, k.conrelid::regclass::text as "table"
     from pg_constraint k
     where k.contype = 'f' and k.connamespace = 'public'::regnamespace and not exists (
       select from pg_index i
       where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1] and i.indpred is null)`,
  )
  return rows.map(({ name, table }) => ({ statement: name, why: `has no index on ${table}` }))
}
