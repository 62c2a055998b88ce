import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNats } from '@switchboard/e2e/nats'
import { startPostgres } from '@switchboard/e2e/postgres'
import { type Product, startProduct } from '@switchboard/e2e/product'
import { cores, onCore } from './cores.js'
import { accountMaker, populate, portOf } from './switchboard.js'
import type { System } from './system.js'

export interface TwoNodes extends System {
  readonly databaseUrl: string
  /** That either sent to the other so far. */
  busMessages(): Promise<number>
  callsPlaced(): Promise<number>
}

/** The sum of a counter over all nodes, as their metrics have it. */
async function counted(nodes: readonly Product[], series: string): Promise<number> {
  let sum = 0
  for (const { admin } of nodes) {
    const text = await (await fetch(`${admin}/metrics`)).text()
    const line = text.split('\n').find(each => each.startsWith(`${series} `))
    if (line === undefined) throw new Error(`the metrics have no ${series}`)
    sum += Number(line.slice(series.length))
  }
  return sum
}

/** Two nodes over NATS on one PostgreSQL; callers at the first, callees at the second. */
export async function startTwoNodes(users: number): Promise<TwoNodes> {
  const [postgres, nats, dir] = await Promise.all([
    startPostgres(),
    startNats(),
    mkdtemp(join(tmpdir(), 'switchboard-bench-nodes-')),
  ])
  const databaseUrl = await postgres.database('switchboard')
  const start = async (name: string) => {
    await mkdir(join(dir, name), { recursive: true })
    const env = { DATABASE_URL: databaseUrl, NATS_URL: nats.url }
    return startProduct({ dir: join(dir, name), env, through: onCore(cores.server) })
  }
  const first = await start('first')
  await populate(first, databaseUrl, { users })
  // Both sign with one key: a token of one is good at the other.
  await cp(join(first.dir, 'keys'), join(dir, 'second', 'keys'), { recursive: true })
  const nodes = [first, await start('second')]
  const accounts = await accountMaker(first, users)
  return {
    name: 'two nodes',
    dialect: 'switchboard',
    ports: nodes.map(node => portOf(node.signal)),
    processes: { server: nodes.map(({ pid }) => pid), database: [postgres.pid], bus: [nats.pid] },
    accounts: async count => accounts(count),
    collect: async () => undefined,
    databaseUrl,
    busMessages: () => counted(nodes, 'switchboard_bus_messages_total{direction="out"}'),
    callsPlaced: () => counted(nodes, 'switchboard_calls_placed_total'),
    async stop() {
      await Promise.all(nodes.map(node => node.dispose()))
      await Promise.all([nats.stop(), postgres.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}
