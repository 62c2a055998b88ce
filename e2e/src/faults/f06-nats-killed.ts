import { setTimeout as sleep } from 'node:timers/promises'
import {
  busOf,
  type ClusterStage,
  establish,
  finish,
  onCluster,
  passing,
  reaches,
  returned,
  talk,
  unavailableIn,
} from './cluster-stage.js'
import { chance, count, freshSeed, millis, seconds, Times } from './figures.js'
import { until } from './processes.js'
import { startPulse } from './pulse.js'
import { allowed, alone, meanwhile, must, type Scenario, type Size } from './scenario.js'

const sizes = { quick: { cycles: 1, longest: 2, once: [] }, full: { cycles: 40, longest: 20, once: [120] } }
/** Shorter outages are within what an established call between nodes waits for. */
const callWaitsMs = 4_000

/** The bus between the nodes is killed and comes back: what happens on one node goes on, across nodes the answer is clear. */
export const natsKilled: Scenario = {
  id: 'F6',
  title: 'NATS killed and started again, for seconds and for two minutes',
  run: async size => {
    const { cycles, longest, once } = sizes[size]
    const { next, seed } = chance(freshSeed())
    // Short ones are the most: as many between 1 and 2 seconds as between 10 and 20.
    const outages = [
      ...Array.from({ length: cycles }, () => 1_000 * longest ** next()),
      ...once.map(s => s * 1000),
    ]
    return onCluster(2, {}, async stage => {
      const seen = { refused: new Times(), noticed: new Times(), back: new Times(), kept: 0, crossed: 0 }
      const pulse = await startPulse({ devices: many => stage.devices(stage.at(0), many) }, 20)
      for (const [index, awayMs] of outages.entries()) await outage(stage, awayMs, index, size, seen)
      const local = await pulse.stop()
      must(local.worst < allowed(size, 1_000), `a call within a node stood still for ${seconds(local.worst)}`)
      return [
        `${count(outages.length)} times away, up to ${seconds(Math.max(...outages), 1)} (seed ${seed})`,
        `across nodes the caller heard unavailable after at most ${seconds(seen.refused.worst)}`,
        `health said so after ${seconds(seen.noticed.worst)} and that it was back ${seconds(seen.back.worst)} after the start`,
        `${count(local.count)} messages within a node, p99 ${millis(local.within(0.99))}, slowest ${millis(local.worst)}`,
        `${seen.kept} of ${seen.crossed} established calls across nodes went on after outages of up to ${callWaitsMs / 1000} s`,
      ].join(', ')
    })
  },
}

interface Seen {
  readonly refused: Times
  readonly noticed: Times
  readonly back: Times
  kept: number
  crossed: number
}

async function outage(
  stage: ClusterStage,
  awayMs: number,
  index: number,
  size: Size,
  seen: Seen,
): Promise<void> {
  const [a, b] = index % 2 === 0 ? [stage.at(0), stage.at(1)] : [stage.at(1), stage.at(0)]
  const [here, near] = await stage.devices(a, 2)
  const [there, far] = await stage.devices(b, 2)
  if (!here || !near || !there || !far) throw new Error('no devices')
  const callId = await establish(near, far)
  const { hello } = far
  // Comes back when it is told to, as clients do, whatever it finds.
  const coming = meanwhile(far.closed.then(() => returned(far, b)))
  await stage.nats.kill()
  const since = performance.now()
  // Asked at once, and again when it is known for long.
  seen.refused.add(await unavailableIn(here, there))
  for (const node of [a, b]) {
    await until('health to say that the bus is away', async () => (await busOf(node)) === 'away', 2_000)
  }
  seen.noticed.add(performance.now() - since)
  const [one, other] = await stage.devices(a, 2)
  if (!one || !other) throw new Error('no devices')
  await passing(one, other)
  seen.refused.add(await unavailableIn(there, here))
  must(seen.refused.worst < allowed(size, 2_000), `unavailable was said after ${seconds(seen.refused.worst)}`)
  await sleep(Math.max(0, awayMs - (performance.now() - since)))
  await stage.nats.start()
  const started = performance.now()
  for (const node of [a, b]) {
    await until('health to say that the bus is back', async () => (await busOf(node)) === 'connected', 5_000)
  }
  seen.back.add(performance.now() - started)
  await until('calls across nodes', () => reaches(here, there), 10_000)
  await passing(there, here)
  if (awayMs > callWaitsMs) return void near.hangUp(far.number)
  seen.crossed += 1
  if (far.wire.socket.readyState !== far.wire.socket.OPEN) await coming
  const known = (far.hello.CALLS as { CALL_ID: string }[]).some(({ CALL_ID }) => CALL_ID === callId)
  must(far.hello.RESUMED !== false || known || far.hello === hello, 'who came back was not told of its call')
  await talk(near, far)
  await finish(near, far, callId)
  seen.kept += 1
}

await alone(import.meta.url, natsKilled)
