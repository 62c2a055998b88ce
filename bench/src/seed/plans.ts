import type { Client } from 'pg'

/** A node of `explain (format json)`, with what we read of it. */
interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
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
  'mail_jobs.kept': 'the outbox, which is there only without a mail server',
}

/**
 * Values that a statement is really given, where a plan for any values must fear the worst, such as a limit without
 * end. PostgreSQL keeps planning such a statement by its values (`plan_cache_mode`), for that is cheaper.
 */
const values: Readonly<Record<string, readonly unknown[]>> = {
  'throttles.prune': [null, 500],
  'failed_logins.prune': [null, 86_400_000_000, 100, 500],
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

/** Whether it is one that PostgreSQL has plans for. */
const isPlanned = (text: string) => /^\s*(with|select|insert|update|delete)\b/i.test(text)

type Plans = readonly { readonly Plan: Node }[]

/** The plan by these values, or without any that for all values. */
async function planOf(client: Client, text: string, given?: readonly unknown[]): Promise<Plans> {
  if (given) {
    const { rows } = await client.query<{ 'QUERY PLAN': Plans }>({
      text: `explain (format json) ${text}`,
      values: [...given],
    })
    return rows[0]?.['QUERY PLAN'] ?? []
  }
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
export async function planFaults(client: Client, statements: ReadonlyMap<string, string>): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const [name, text] of statements) {
    if (!isPlanned(text) || name in tolerated) continue
    try {
      const plan = await planOf(client, text, values[name])
      const tables = plan.flatMap(({ Plan }) => walks(Plan))
      for (const table of tables) faults.push({ statement: name, why: `walks through ${table} whole` })
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
