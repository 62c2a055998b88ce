import { setTimeout as wait } from 'node:timers/promises'
import { type ClientBase, Pool } from 'pg'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Meter } from '../meter.js'
import { checkouts, run } from './checkout.js'
import type { Connection } from './connection.js'
import type { Database, Statement } from './database.js'
import { DatabaseUnavailable, isReadOnlyServer, isSerializationFailure, isStalePlan } from './errors.js'
import { databaseMeasures } from './measures.js'
import { pooledClients } from './pooled-client.js'
import { serversOf } from './servers.js'
import { runTransaction } from './transaction.js'

export interface DatabaseOptions {
  readonly connection: Connection
  readonly log: Logger
  /** Between 0 and 1: spreads the next attempts of transactions that met. */
  readonly random?: () => number
  readonly meter?: Meter | undefined
}

/** A pool of connections to PostgreSQL, or to what speaks its protocol. Nothing in it waits for ever. */
export function openDatabase({ connection, log, random = Math.random, meter }: DatabaseOptions): Database {
  const measures = databaseMeasures(meter)
  const servers = serversOf(connection, random)
  const { PooledClient, originOf } = pooledClients(servers, {
    query_timeout: limits.databaseAnswerMs,
    ...(!servers.pooled && timeouts),
  })
  const pool = new Pool({
    Client: PooledClient,
    max: limits.databaseConnections,
    idleTimeoutMillis: limits.databaseIdleMs,
    maxLifetimeSeconds: limits.databaseConnectionLifeSeconds,
    connectionTimeoutMillis: limits.databaseConnectMs,
    onConnect: client => servers.check(client),
  })
  pool.on('error', error => log.warn({ reason: error.message }, 'an idle database connection was lost'))
  let latest = servers.current()
  pool.on('connect', client => {
    const { server } = originOf(client)
    if (server !== latest) log.warn({ server: server.name }, 'the database is at another server now')
    latest = server
  })
  const open = new Set<ClientBase>()
  pool.on('connect', client => open.add(client))
  pool.on('remove', client => open.delete(client))
  measures.connections(pool)
  const onConnection = checkouts({ pool, servers, originOf, measures })

  /** `mayRepeat` says whether a lost connection cannot have done the work already. */
  async function repeatedly<T>(attempt: () => Promise<T>, mayRepeat: () => boolean): Promise<T> {
    for (let count = 1; ; count++) {
      try {
        return await attempt()
      } catch (error) {
        const lost = error instanceof DatabaseUnavailable && error.connectionLost
        const moved = servers.count > 1 && isReadOnlyServer(error)
        const again = isSerializationFailure(error) || isStalePlan(error) || moved || (lost && mayRepeat())
        if (error instanceof DatabaseUnavailable && !again) measures.unavailable.add()
        if (!again) throw error
        if (count === limits.databaseAttempts) {
          measures.unavailable.add()
          throw givenUp(error)
        }
        measures.repeated.add()
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
    let committing = false
    return repeatedly(
      () => {
        committing = false
        return onConnection(checkout =>
          runTransaction(checkout, work, () => {
            committing = true
          }),
        )
      },
      // What was not committed was undone; a commit that nobody answered may have been done.
      () => !committing,
    )
  }

  /** The pool says that it ended while its connections still say goodbye: who stops the database next would cut them. */
  async function allClosed() {
    while (open.size > 0) await new Promise(resolve => pool.once('remove', resolve))
  }

  async function close() {
    // Work that never gives its connection back does not hold up the stop.
    const tooLong = wait(limits.databaseAnswerMs, undefined, { ref: false })
    await Promise.race([pool.end().then(allClosed), tooLong])
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

/** Of the session: behind a pooler they are the role's, and it refuses them here. */
const timeouts = {
  statement_timeout: limits.databaseStatementMs,
  lock_timeout: limits.databaseLockMs,
  idle_in_transaction_session_timeout: limits.databaseIdleInTransactionMs,
}

/** Only a plain reading statement may run twice. */
const isReadOnly = (text: string) =>
  /^\s*select\b/i.test(text) &&
  !/\bfor\s+(no\s+key\s+)?(update|share|key)\b|\b(nextval|pg_\w*)\s*\(/i.test(text)

const givenUp = (cause: unknown) =>
  cause instanceof DatabaseUnavailable
    ? cause
    : new DatabaseUnavailable('the database did not accept it in several attempts', { cause })
