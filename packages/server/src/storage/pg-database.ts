import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'pg'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { checkouts, run } from './checkout.js'
import { type Connection, clientConfig } from './connection.js'
import type { Database, Statement } from './database.js'
import { DatabaseUnavailable, isSerializationFailure, isStalePlan } from './errors.js'
import { runTransaction } from './transaction.js'

export interface DatabaseOptions {
  readonly connection: Connection
  readonly log: Logger
  /** Between 0 and 1: spreads the next attempts of transactions that met. */
  readonly random?: () => number
}

/** A pool of connections to PostgreSQL, or to what speaks its protocol. Nothing in it waits for ever. */
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
  const onConnection = checkouts(pool)

  /** `mayRepeat` says whether a lost connection cannot have done the work already. */
  async function repeatedly<T>(attempt: () => Promise<T>, mayRepeat: () => boolean): Promise<T> {
    for (let count = 1; ; count++) {
      try {
        return await attempt()
      } catch (error) {
        const lost = error instanceof DatabaseUnavailable && error.connectionLost
        const again = isSerializationFailure(error) || isStalePlan(error) || (lost && mayRepeat())
        if (!again) throw error
        if (count === limits.databaseAttempts) throw givenUp(error)
        await wait(random() * limits.databaseRetryMs * 2 ** count)
      }
    }
  }

  const query = <Row extends object>(statement: Statement<Row>, values: readonly unknown[] = []) =>
    repeatedly(
      () => onConnection(checkout => run(checkout, statement, values)),
      () => isReadOnly(statement.text),
    )

  const transaction: Database['transaction'] = work => {
    let begun = false
    return repeatedly(
      () => {
        begun = false
        return onConnection(checkout =>
          runTransaction(checkout, work, () => {
            begun = true
          }),
        )
      },
      () => !begun,
    )
  }

  async function close() {
    // Work that never gives its connection back does not hold up the stop.
    const tooLong = wait(limits.databaseAnswerMs, undefined, { ref: false })
    await Promise.race([pool.end(), tooLong])
  }

  let closed: Promise<void> | undefined
  return {
    query,
    transaction,
    ping: async () => {
      await query({ name: 'ping', text: 'select 1' })
    },
    close: () => (closed ??= close()),
  }
}

/** Only a plain reading statement may run twice. */
const isReadOnly = (text: string) =>
  /^\s*select\b/i.test(text) &&
  !/\bfor\s+(no\s+key\s+)?(update|share|key)\b|\b(nextval|pg_\w*)\s*\(/i.test(text)

const givenUp = (cause: unknown) =>
  cause instanceof DatabaseUnavailable
    ? cause
    : new DatabaseUnavailable('the database did not accept it in several attempts', { cause })
