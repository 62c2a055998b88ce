import { setTimeout as sleep } from 'node:timers/promises'
import { type Nodes, startNodes } from '../cluster/nodes.js'
import type { Return } from '../crowd/crowd.js'
import { enlist } from '../crowd/enlist.js'
import { type RemoteCrowd, startCrowd } from '../crowd/start-crowd.js'
import type { Product } from '../product.js'
import { request } from '../rest-client.js'
import { count, seconds } from './figures.js'
import { signal } from './processes.js'
import { allowed, alone, must, type Scenario, type Size } from './scenario.js'

const sizes = {
  quick: { calls: 40, ringing: 8, hastyMs: [50] },
  full: { calls: 1_100, ringing: 100, hastyMs: [50, 150, 400, 2_000] },
}
/** Promise P4. */
const drainedWithinMs = 10_000
const rescuedWithinMs = 35_000

/** A node of three is stopped, killed, and given too little time to stop, in the midst of calls. */
export const drain: Scenario = {
  id: 'F2',
  title: 'one node of three stops, is killed, and is killed while it stops, under calls',
  run: async size => {
    const { calls, ringing, hastyMs } = sizes[size]
    // Rings go on for as long as the scenario takes: it is the answer that ends them.
    const cluster = await startNodes(3, { RING_TIMEOUT_SECONDS: '300' })
    const crowd = startCrowd()
    try {
      const people = await enlist(cluster.nodes[0] as Product, cluster.databaseUrl, 2 * calls)
      const stage = { size, cluster, crowd, calls, ringing, token: people[0]?.token }
      await crowd.enlist(
        people,
        cluster.nodes.map(node => node.signal),
      )
      await crowd.connect(100)
      await crowd.pairUp(calls, ringing)
      const lines: string[] = []
      let took = 0
      const stopped = await gone(stage, 0, drainedWithinMs, async node => {
        took = await node.stop()
      })
      must(stopped.fresh === 0, `${stopped.fresh} of ${stopped.lost} sessions were not continued`)
      lines.push(`SIGTERM: exit 0 after ${seconds(took)}, ${told(stopped)}`)
      lines.push(`kill -9: ${told(await gone(stage, 1, rescuedWithinMs, node => node.kill()))}`)
      for (const [n, ms] of hastyMs.entries()) {
        const hasty = await gone(stage, (n + 2) % 3, rescuedWithinMs, async node => {
          signal(node.pid, 'SIGTERM')
          await sleep(ms)
          await node.kill()
        })
        lines.push(`SIGTERM and kill -9 ${ms} ms later: ${told(hasty)}`)
      }
      await crowd.talk()
      await crowd.hangUp()
      await faultless(crowd, 'hanging up')
      return [`3 nodes, ${count(calls - ringing)} calls and ${ringing} rings, 0 lost`, ...lines].join('; ')
    } finally {
      await crowd.end()
      await cluster.dispose()
    }
  },
}

interface Stage {
  readonly size: Size
  readonly cluster: Nodes
  readonly crowd: RemoteCrowd
  readonly calls: number
  readonly ringing: number
  readonly token: string | undefined
}

/** A node goes; everybody comes back, every call and ring stands, and the node is there again. */
async function gone(
  { size, cluster, crowd, calls, ringing, token }: Stage,
  which: number,
  withinMs: number,
  end: (node: Product) => Promise<unknown>,
): Promise<Return> {
  const node = cluster.nodes[which] as Product
  // A history waits for all that its node has to write: whom a ring reached is acknowledged to nobody, and else may be lost.
  for (const { api } of cluster.nodes) {
    const { status } = await request(api, 'GET', '/get_call_history?limit=1', { token })
    must(status === 200, `a history was answered with ${status}`)
  }
  await crowd.mark()
  await end(node)
  const returned = await crowd.back(1, allowed(size, withinMs))
  const title = `node ${which} gone`
  must(returned.missing === 0, `${title}: ${returned.missing} not back: ${JSON.stringify(returned)}`)
  must(returned.p99 <= allowed(size, withinMs), `${title}: p99 of the return ${seconds(returned.p99)}`)
  must(returned.lost > 0, `${title}: nobody was connected there`)
  const stand = await crowd.talk()
  await faultless(crowd, title)
  must(stand === calls, `${title}: only ${stand} of ${calls} calls go on`)
  await node.start()
  await crowd.ringAgain(ringing)
  await faultless(crowd, `${title}, ringing again`)
  return returned
}

async function faultless(crowd: RemoteCrowd, title: string) {
  const faults = await crowd.faults()
  must(faults.length === 0, `${title}: ${faults.length} faults: ${faults.slice(0, 5).join('; ')}`)
}

const told = ({ lost, resumed, p50, p99, worst, busiest }: Return) =>
  `${count(lost)} sockets back in ${seconds(worst)} (half ${seconds(p50)}, p99 ${seconds(p99)}, ` +
  `busiest second ${count(busiest)}), ${count(resumed)} resumed`

await alone(import.meta.url, drain)
