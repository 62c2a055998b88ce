import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Postgres, startPostgres } from '../postgres.js'
import { type Env, type Product, startProduct } from '../product.js'
import { type Nats, startNats } from './nats.js'

/** Several nodes of the product on one database and one bus, as an operator runs them. */
export interface Nodes {
  readonly nodes: readonly Product[]
  readonly nats: Nats
  readonly postgres: Postgres
  readonly databaseUrl: string
  /** One more. */
  add(env?: Env): Promise<Product>
  dispose(): Promise<void>
}

export async function startNodes(count: number, env: Env = {}): Promise<Nodes> {
  const [postgres, nats, dir] = await Promise.all([
    startPostgres(),
    startNats(),
    mkdtemp(join(tmpdir(), 'switchboard-nodes-')),
  ])
  const databaseUrl = await postgres.database('switchboard')
  const nodes: Product[] = []

  async function add(more: Env = {}) {
    const own = join(dir, `node-${nodes.length}`)
    await mkdir(own)
    // Every node has the key of the first: a token of one is good at all.
    if (nodes[0]) await cp(join(nodes[0].dir, 'keys'), join(own, 'keys'), { recursive: true })
    const node = await startProduct({
      dir: own,
      env: { DATABASE_URL: databaseUrl, NATS_URL: nats.url, ...env, ...more },
    })
    nodes.push(node)
    return node
  }

  await add()
  for (let n = 1; n < count; n++) await add()
  return {
    nodes,
    nats,
    postgres,
    databaseUrl,
    add,
    async dispose() {
      await Promise.all(nodes.map(node => node.dispose()))
      await Promise.all([nats.stop(), postgres.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}
