import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNats } from '@switchboard/e2e/nats'
import { startPostgres } from '@switchboard/e2e/postgres'
import { startProduct } from '@switchboard/e2e/product'
import { cores, onCore } from './cores.js'
import { accountMaker, populate, portOf } from './switchboard.js'
import type { System } from './system.js'

/** Two nodes over NATS on one PostgreSQL; callers at the first, callees at the second. */
export async function startTwoNodes(users: number): Promise<System> {
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
    async stop() {
      await Promise.all(nodes.map(node => node.dispose()))
      await Promise.all([nats.stop(), postgres.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}
