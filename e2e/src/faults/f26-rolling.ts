import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startNodes } from '../cluster/nodes.js'
import { enlist } from '../crowd/enlist.js'
import { startCrowd } from '../crowd/start-crowd.js'
import type { Product } from '../product.js'
import { count, millis, seconds, Times } from './figures.js'
import { makeNextVersion } from './next-version.js'
import { startRestLoad } from './rest-load.js'
import { alone, must, type Scenario } from './scenario.js'

const sizes = {
  quick: { pairs: 6, workers: 2, settleMs: 300 },
  full: { pairs: 60, workers: 4, settleMs: 4_000 },
}

/** Three nodes under load are restarted one after the other, then again with the next version and its new schema. */
export const rolling: Scenario = {
  id: 'F26',
  title: 'a rolling restart under load, and one to the next version with another schema',
  run: async size => {
    const { pairs, workers, settleMs } = sizes[size]
    const [cluster, next] = await Promise.all([startNodes(3), makeNextVersion()])
    const crowd = startCrowd()
    try {
      const people = await enlist(cluster.nodes[0] as Product, cluster.databaseUrl, 2 * pairs)
      await crowd.enlist(
        people,
        cluster.nodes.map(node => node.signal),
      )
      await crowd.connect(50)
      await crowd.startCalling()
      const rest = startRestLoad(cluster.nodes, people, workers)
      const stops = new Times()
      const mixed: number[] = []
      for (const main of [undefined, next.main]) {
        for (const node of cluster.nodes) {
          await sleep(settleMs)
          stops.add(await node.stop())
          await node.start({}, main)
          if (main) mixed.push(await migrationsOf(cluster.databaseUrl))
        }
      }
      await sleep(settleMs)
      await rest.stop()
      const { calls, slowest } = await crowd.stopCalling()
      const { refused, reset } = rest.movedOn()
      const faults = await crowd.faults()
      must(faults.length === 0, `${faults.length} faults in ${calls} calls: ${faults.slice(0, 5).join('; ')}`)
      must(calls > 6 * pairs, `only ${calls} calls were made`)
      must(
        rest.failures.length === 0,
        `${rest.failures.length} of ${rest.times.count} requests failed: ${rest.failures.slice(0, 5).join('; ')}`,
      )
      must(
        mixed.every(version => version === next.migrations),
        `the schema was at ${mixed.join(', ')}, the next version's is ${next.migrations}`,
      )
      return [
        `6 restarts of 3 nodes, the slowest exit 0 after ${seconds(stops.worst)}, the schema changed at the fourth`,
        `${count(calls)} calls, 0 lost, the slowest took ${seconds(slowest)} from dialling to hanging up`,
        `${count(rest.times.count)} requests, 0 failed, p99 ${millis(rest.times.within(0.99))}, ${count(refused)} connections refused, ${count(reset)} reset unanswered`,
      ].join('; ')
    } finally {
      await crowd.end()
      await cluster.dispose()
      await next.remove()
    }
  },
}

async function migrationsOf(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ newest: number }>(
      'select max(version)::int4 as newest from schema_migrations',
    )
    return rows[0]?.newest ?? 0
  } finally {
    await client.end()
  }
}

await alone(import.meta.url, rolling)
