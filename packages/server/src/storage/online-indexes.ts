import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { limits } from '../limits.js'
import { DatabaseUnavailable, isSerializationFailure, sqlState } from './errors.js'

/** An index that is made while others write. */
export interface OnlineIndex {
  readonly name: string
  readonly create: string
}

const comment = /^\s*--.*$/gm
const creation = /^create (unique )?index (\w+) on /i

/**
 * The indexes of a migration that makes indexes and nothing else: it needs no transaction, and each index of it can be made
 * while rows are written. Any other migration: undefined.
 */
export function onlineIndexesOf(sql: string): OnlineIndex[] | undefined {
  const statements = sql
    .replace(comment, '')
    .split(/;\s*(?:\n|$)/)
    .map(text => text.trim())
    .filter(text => text !== '')
  const found = statements.flatMap(text => {
    const [, unique = '', name] = creation.exec(text) ?? []
    if (name === undefined || text.includes(';')) return []
    return [{ name, create: text.replace(creation, `create ${unique}index concurrently ${name} on `) }]
  })
  return found.length > 0 && found.length === statements.length ? found : undefined
}

/** Another number than that of the other migrations: who waits for those has a snapshot, which this here waits for. */
const lockKey = 7_236_114_004

/**
 * Runs work on one node at a time. The lock is asked for again and again and never waited for: `create index concurrently`
 * waits for everybody who has a snapshot, and who waits within a statement has one. A transaction holds it, so that a pooler
 * leaves it where it is; idle and at this level, it has no snapshot.
 */
export async function alone<T>(client: Client, work: () => Promise<T>): Promise<T> {
  for (let waited = 0; waited < limits.migrationWaitMs; waited += limits.migrationPollMs) {
    await client.query(
      'begin isolation level read committed; set local idle_in_transaction_session_timeout = 0',
    )
    try {
      // Without parameters: the portal of a statement that has some stays open, and keeps its snapshot.
      const { rows } = await client.query(`select pg_try_advisory_xact_lock(${lockKey}) as held`)
      if (rows[0]?.held === true) return await work()
    } finally {
      await client.query('rollback').catch(() => {})
    }
    await sleep(limits.migrationPollMs)
  }
  throw new DatabaseUnavailable('another node makes an index, for longer than this one waits', {
    cause: undefined,
  })
}

interface Standing {
  readonly valid: boolean
  readonly building: boolean
}

async function standingOf(client: Client, name: string): Promise<Standing | undefined> {
  const { rows } = await client.query<Standing>(
    `select i.indisvalid as valid,
       exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) as building
     from pg_index i where i.indexrelid = to_regclass($1)`,
    [name],
  )
  return rows[0]
}

/** Makes the index unless it is there; what is left of one whose making was cut short goes first. */
export async function makeOnline(client: Client, { name, create }: OnlineIndex): Promise<void> {
  let failures = 0
  for (;;) {
    const standing = await standingOf(client, name)
    if (standing?.valid) return
    try {
      // A node that died while PostgreSQL worked for it: the work goes on without it.
      if (standing?.building) await sleep(limits.migrationPollMs)
      else await client.query(standing ? `drop index concurrently if exists ${name}` : create)
    } catch (error) {
      failures += 1
      const isTaken = sqlState(error) === '42P07' // by such a node's work, begun a moment ago
      if (failures === limits.databaseAttempts || !(isTaken || isSerializationFailure(error))) throw error
    }
  }
}
