import { setImmediate as turn } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { limits } from '../limits.js'
import type { Statement } from './database.js'
import { explain, noConnection, spoilsConnection } from './errors.js'

/** A connection taken from the pool, and what broke it, if something did. */
export interface Checkout {
  readonly client: PoolClient
  broken: Error | undefined
}

/** Gives work a connection each, and puts back only those that are good. */
export function checkouts(pool: Pool) {
  const usedAt = new WeakMap<PoolClient, number>()
  const brokenBy = new WeakMap<PoolClient, Error>()

  // From the first moment on: a server that goes down may end a connection in the same breath in which it opens it,
  // before anybody has it in hand, and an error that nobody hears ends the process.
  pool.on('connect', client => {
    client.on('error', error => {
      if (!brokenBy.has(client)) brokenBy.set(client, error)
    })
  })

  async function take(attempt = 1): Promise<Checkout> {
    const client = await pool.connect().catch(cause => {
      throw noConnection(cause)
    })
    const idle = performance.now() - (usedAt.get(client) ?? Number.POSITIVE_INFINITY)
    // If it died while this process slept, the news is waiting to be read.
    if (idle >= limits.databaseTrustMs) await turn()
    const checkout = checkoutOf(client)
    if (!checkout.broken) return checkout
    giveBack(checkout)
    if (attempt > limits.databaseConnections) throw noConnection(checkout.broken)
    return take(attempt + 1)
  }

  const checkoutOf = (client: PoolClient): Checkout => ({
    client,
    get broken() {
      return brokenBy.get(client)
    },
    set broken(error) {
      if (error) brokenBy.set(client, error)
    },
  })

  function giveBack({ client, broken }: Checkout) {
    usedAt.set(client, performance.now())
    client.release(broken)
  }

  return async <T>(work: (checkout: Checkout) => Promise<T>): Promise<T> => {
    const checkout = await take()
    try {
      return await work(checkout)
    } finally {
      giveBack(checkout)
    }
  }
}

/** Runs a prepared statement on a connection. */
export async function run<Row extends object>(
  checkout: Checkout,
  { name, text }: Statement<Row>,
  values: readonly unknown[],
): Promise<Row[]> {
  const result = await watched(checkout, () => checkout.client.query({ name, text, values: [...values] }))
  return result.rows as Row[]
}

/** Says what a failure means, and marks a connection that must not go back to the pool. */
export async function watched<T>(checkout: Checkout, query: () => Promise<T>): Promise<T> {
  try {
    return await query()
  } catch (error) {
    const explanation = explain(error, checkout.broken)
    if (spoilsConnection(error) && error instanceof Error) checkout.broken ??= error
    throw explanation
  }
}
