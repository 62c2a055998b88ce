import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Nats, startNats } from '../cluster/nats.js'
import { type Rover, rover } from '../cluster/nodes.js'
import { freePort, type Postgres, startPostgres } from '../postgres.js'
import { type Product, startProduct } from '../product.js'
import { busOf, passing } from './cluster-stage.js'
import { seconds, Times } from './figures.js'
import { signal } from './processes.js'
import { alone, meanwhile, must, type Scenario } from './scenario.js'

type Part = 'postgres' | 'nats' | 'nodes'
const orders: readonly (readonly [Part, Part, Part])[] = [
  ['nodes', 'postgres', 'nats'],
  ['nodes', 'nats', 'postgres'],
  ['postgres', 'nodes', 'nats'],
  ['nats', 'nodes', 'postgres'],
  ['postgres', 'nats', 'nodes'],
  ['nats', 'postgres', 'nodes'],
]
const sizes = { quick: { orders: orders.slice(0, 2), apartMs: 500 }, full: { orders, apartMs: 5_000 } }
const convergedWithinMs = 10_000

/** Whatever comes first waits for the rest, or ends and is started again by whoever looks after it. */
export const startOrder: Scenario = {
  id: 'F28',
  title: 'PostgreSQL, NATS and the nodes started in every order',
  run: async size => {
    const converged = new Times()
    const ended: number[] = []
    for (const order of sizes[size].orders) {
      const { ms, exits } = await inOrder(order, sizes[size].apartMs)
      must(
        ms < convergedWithinMs * (size === 'quick' ? 2 : 1),
        `${order.join(', ')}: calls after ${seconds(ms)} only`,
      )
      converged.add(ms)
      ended.push(exits)
    }
    return `${sizes[size].orders.length} orders, ${seconds(sizes[size].apartMs, 1)} apart: calls between nodes ${seconds(converged.worst)} after the last one at the latest; nodes that could not wait ended ${ended.reduce((a, b) => a + b, 0)} times with a reason and were started again`
  },
}

async function inOrder(order: readonly Part[], apartMs: number): Promise<{ ms: number; exits: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-order-'))
  // Both have their ports before they run: they are made, and stopped again.
  const [postgres, natsPort] = [await startPostgres(), await freePort()]
  const databaseUrl = await postgres.database('switchboard')
  signal(postgres.pid, 'SIGKILL')
  const parts = { postgres, nats: undefined as Nats | undefined, nodes: [] as Product[], exits: 0 }
  let given = false
  try {
    const supervised: Promise<Product>[] = []
    const start: Record<Part, () => Promise<void>> = {
      postgres: () => parts.postgres.restart(),
      nats: async () => {
        parts.nats = await startNats(['-p', String(natsPort)])
      },
      nodes: async () => {
        const env = { DATABASE_URL: databaseUrl, NATS_URL: `nats://127.0.0.1:${natsPort}` }
        for (const index of [0, 1]) {
          const options = {
            dir: join(dir, `node-${index}`),
            env: { ...env, TOKEN_KEY_FILE: join(dir, 'token.key') },
          }
          supervised.push(meanwhile(supervise(options, parts, () => given)))
        }
      },
    }
    for (const [index, part] of order.entries()) {
      if (index > 0) await sleep(apartMs)
      await start[part]()
    }
    const since = performance.now()
    parts.nodes = await Promise.all(supervised)
    const [a, b] = parts.nodes as [Product, Product]
    must(
      (await busOf(a)) === 'connected' && (await busOf(b)) === 'connected',
      'a node is ready without its bus',
    )
    const [here, there]: Rover[] = [await rover(a), await rover(b)]
    if (!here || !there) throw new Error('no devices')
    await passing(here, there)
    return { ms: performance.now() - since, exits: parts.exits }
  } finally {
    given = true
    for (const node of parts.nodes) await node.dispose()
    await parts.nats?.stop()
    await stopped(parts.postgres)
    await rm(dir, { recursive: true, force: true })
  }
}

const stopped = (postgres: Postgres) => postgres.stop()

/** As systemd or Docker would: a node that ends is started again a second later. */
async function supervise(
  options: Parameters<typeof startProduct>[0],
  parts: { exits: number },
  isOver: () => boolean,
): Promise<Product> {
  for (;;) {
    try {
      return await startProduct(options)
    } catch (error) {
      const { message } = error as Error
      must(!isOver(), 'over')
      must(/exit code 1\)/.test(message), `a node neither ran nor ended: ${message}`)
      must(/DATABASE_URL|NATS|database/i.test(message), `a node ended without saying why: ${message}`)
      parts.exits += 1
      await sleep(1_000)
    }
  }
}

await alone(import.meta.url, startOrder)
