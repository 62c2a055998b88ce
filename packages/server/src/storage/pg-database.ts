import { setTimeout as wait } from 'node:timers/promises'
import { Pool, type PoolClient } from 'pg'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { type Connection, clientConfig } from './connection.js'
import type { Database, Queryable, Statement } from './database.js'
import {
  DatabaseUnavailable,
  explain,
  isSerializationFailure,
  isStalePlan,
  spoilsConnection,
} from './errors.js'

export interface DatabaseOptions {
  readonly connection: Connection
  readonly log: Logger
  /** Between 0 and 1: spreads the second attempts of transactions that met. */
  readonly random?: () => number
}

/** A checked-out connection, and what broke it, if something did. */
interface Checkout {
  readonly client: PoolClient
  broken: Error | undefined
}

/** A pool of connections to PostgreSQL or what speaks its protocol. Nothing in it waits for ever. */
export function openDatabase({ connection, log, random = Math.random }: DatabaseOptions): Database {
  const pool = new Pool({
    ...clientConfig(connection),
    max: limits.databaseConnections,
    idleTimeoutMillis: limits.databaseIdleMs,
    maxLifetimeSeconds: limits.databaseConnectionLifeSeconds,
    statement_timeout: limits.databaseStatementMs,
    lock_timeout: limits.databaseLockMs,
    idle_in_transaction_session_timeout: limits.databaseIdleInTransactionMs,
    query_timeout: limits.databaseAnswerMs,
  })
  pool.on('error', error => log.warn({ reason: error.message }, 'an idle database connection was lost'))

  async function onConnection<T>(work: (checkout: Checkout) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((cause: unknown) => {
      throw new DatabaseUnavailable('no connection to the database', { cause })
    })
    const checkout: Checkout = { client, broken: undefined }
    const onError = (error: Error) => {
      checkout.broken ??= error
    }
    client.on('error', onError)
    try {
      return await work(checkout)
    } finally {
      client.off('error', onError)
      client.release(checkout.broken)
    }
  }

  const runOnce = <Row extends object>(statement: Statement<Row>, values: readonly unknown[]) =>
    onConnection(checkout => run(checkout, statement, values))

  async function query<Row extends object>(statement: Statement<Row>, values: readonly unknown[] = []) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runOnce(statement, values)
      } catch (error) {
        const again =
          isSerializationFailure(error) || isStalePlan(error) || (isLost(error) && isReadOnly(statement.text))
        if (!again) throw error
        if (attempt === limits.databaseAttempts) throw givenUp(error)
        await wait(random() * limits.databaseRetryMs * attempt)
      }
    }
  }

  async function transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const progress = { begun: false }
      try {
        return await onConnection(checkout => runTransaction(checkout, work, progress))
      } catch (error) {
        const again =
          isSerializationFailure(error) || isStalePlan(error) || (isLost(error) && !progress.begun)
        if (!again) throw error
        if (attempt === limits.databaseAttempts) throw givenUp(error)
        await wait(random() * limits.databaseRetryMs * 2 ** attempt)
      }
    }
  }

  let closing: Promise<void> | undefined
  return {
    query,
    transaction,
    ping: async () => {
      await query({ name: 'ping', text: 'select 1' })
    },
    close: () => (closing ??= pool.end()),
  }
}

async function run<Row extends object>(
  checkout: Checkout,
  { name, text }: Statement<Row>,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    const result = await checkout.client.query({ name, text, values: [...values] })
    return result.rows as Row[]
  } catch (error) {
    throw explained(checkout, error)
  }
}

/** What the error means to a caller; a spoilt connection is marked, so that it does not go back to the pool. */
function explained(checkout: Checkout, error: unknown): unknown {
  const explanation = explain(error, checkout.broken)
  if (spoilsConnection(error) && error instanceof Error) checkout.broken ??= error
  return explanation
}

async function runTransaction<T>(
  checkout: Checkout,
  work: (tx: Queryable) => Promise<T>,
  progress: { begun: boolean },
): Promise<T> {
  const control = async (text: string) => {
    try {
      return await checkout.client.query(text)
    } catch (error) {
      throw explained(checkout, error)
    }
  }
  let ended = false
  let last: Promise<unknown> = Promise.resolve()
  const tx: Queryable = {
    // One after the other, also when the work does not wait: a connection does one thing at a time.
    query: (statement, values = []) => {
      if (ended) return Promise.reject(new Error(`${statement.name}: the transaction is over`))
      const result = last.then(() => run(checkout, statement, values))
      last = result.catch(() => {})
      return result
    },
  }
  await control('begin')
  progress.begun = true
  try {
    const result = await work(tx)
    await last
    ended = true
    const { command } = await control('commit')
    // PostgreSQL answers the commit of a failed transaction with a polite ROLLBACK.
    if (command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back')
    return result
  } catch (error) {
    ended = true
    await last
    if (!checkout.broken) await control('rollback').catch(() => {})
    throw error
  }
}

const isLost = (error: unknown) => error instanceof DatabaseUnavailable && error.connectionLost

/** Only a plain reading statement may run twice. */
const isReadOnly = (text: string) =>
  /^\s*select\b/i.test(text) &&
  !/\bfor\s+(no\s+key\s+)?(update|share|key)\b|\b(nextval|pg_)\w*\s*\(/i.test(text)

const givenUp = (cause: unknown) =>
  cause instanceof DatabaseUnavailable
    ? cause
    : new DatabaseUnavailable('the database did not accept it in several attempts', { cause })
