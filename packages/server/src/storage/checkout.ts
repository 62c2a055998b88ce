import { setImmediate as turn } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { limits } from '../limits.js'
import type { Statement } from './database.js'
import { demotesServer, explain, noConnection, spoilsConnection } from './errors.js'
import type { DatabaseMeasures } from './measures.js'
import type { Origin } from './pooled-client.js'
import type { Servers } from './servers.js'

/** A connection taken from the pool, and what broke it, if something did. */
export interface Checkout {
  readonly client: PoolClient
  /** Whether statements can be prepared by name on it. */
  readonly prepares: boolean
  readonly measures: DatabaseMeasures
  broken: Error | undefined
  /** The server takes no writes any more, or does not answer: the right one is looked for anew. */
  demoteServer(): void
}

export interface CheckoutDeps {
  readonly pool: Pool
  readonly servers: Servers
  readonly originOf: (client: PoolClient) => Origin
  readonly measures: DatabaseMeasures
}

/** Gives work a connection each, and puts back only those that are good. */
export function checkouts({ pool, servers, originOf, measures }: CheckoutDeps) {
  const usedAt = new WeakMap<PoolClient, number>()

  /** To the first server that will do. One that takes its time to refuse leaves none for another. */
  async function connect(): Promise<PoolClient> {
    const since = performance.now()
    for (let attempt = 1; ; attempt++) {
      const server = servers.current()
      try {
        return await pool.connect()
      } catch (cause) {
        if (!isFull(cause)) servers.passOver(server)
        const late = performance.now() - since > limits.databaseConnectMs / 2
        if (late || attempt === servers.count) throw noConnection(cause)
      }
    }
  }

  async function take(attempt = 1): Promise<Checkout> {
    const client = await connect()
    const idle = performance.now() - (usedAt.get(client) ?? Number.POSITIVE_INFINITY)
    // If it died while this process slept, the news is waiting to be read.
    if (idle >= limits.databaseTrustMs) await turn()
    const checkout = checkoutOf(client)
    if (originOf(client).outdated)
      checkout.broken = new Error('the server of this connection was passed over')
    if (!checkout.broken) return checkout
    giveBack(checkout)
    if (attempt > limits.databaseConnections) throw noConnection(checkout.broken)
    return take(attempt + 1)
  }

  const checkoutOf = (client: PoolClient): Checkout => ({
    client,
    prepares: !servers.pooled,
    measures,
    get broken() {
      return originOf(client).broken
    },
    set broken(error) {
      originOf(client).broken = error
    },
    demoteServer() {
      const { server, outdated } = originOf(client)
      if (!outdated) servers.demote(server)
    },
  })

  function giveBack({ client, broken }: Checkout) {
    usedAt.set(client, performance.now())
    client.release(broken)
  }

  return async <T>(work: (checkout: Checkout) => Promise<T>): Promise<T> => {
    const asked = performance.now()
    const checkout = await take().finally(() => measures.wait.observe((performance.now() - asked) / 1000))
    try {
      return await work(checkout)
    } finally {
      giveBack(checkout)
    }
  }
}

/** Every connection was lent out all the time, which says nothing about the server. node-postgres has only the text. */
const isFull = (error: unknown) =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect'

/** Runs a statement on a connection, prepared by its name where that can be. */
export async function run<Row extends object>(
  checkout: Checkout,
  { name, text }: Statement<Row>,
  values: readonly unknown[],
): Promise<Row[]> {
  const query = { ...(checkout.prepares && { name }), text, values: [...values] }
  const begun = performance.now()
  try {
    const result = await watched(checkout, () => checkout.client.query(query))
    return result.rows as Row[]
  } finally {
    checkout.measures.statement(name).observe((performance.now() - begun) / 1000)
  }
}

/** Says what a failure means, and marks a connection that must not go back to the pool. */
export async function watched<T>(checkout: Checkout, query: () => Promise<T>): Promise<T> {
  try {
    return await query()
  } catch (error) {
    const explanation = explain(error, checkout.broken)
    if (demotesServer(error)) checkout.demoteServer()
    if (spoilsConnection(error) && error instanceof Error) checkout.broken ??= error
    throw explanation
  }
}
