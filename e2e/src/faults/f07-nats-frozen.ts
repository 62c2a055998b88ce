import { setTimeout as sleep } from 'node:timers/promises'
import { makePlace } from '../cluster/network.js'
import { busOf, type ClusterStage, onCluster, passing, reaches, unavailableIn } from './cluster-stage.js'
import { millis, seconds, Times } from './figures.js'
import { signal, until } from './processes.js'
import { startPulse } from './pulse.js'
import { allowed, alone, must, type Scenario, type Size } from './scenario.js'

const sizes = { quick: { frozenMs: 3_000 }, full: { frozenMs: 60_000 } }
/** Two pings of five seconds without an answer, and the look that finds it. */
const noticedWithinMs = 20_000

/** NATS is there and says nothing: stopped where it stands, or behind a cable on which everything is lost. */
export const natsFrozen: Scenario = {
  id: 'F7',
  title: 'NATS frozen by SIGSTOP, and half open',
  run: async size => {
    const { frozenMs } = sizes[size]
    const stopped = await onCluster(2, {}, async stage => {
      const { pid } = stage.nats
      stage.after(() => signal(pid, 'SIGCONT'))
      const freeze = async () => signal(pid, 'SIGSTOP')
      const thaw = async () => signal(pid, 'SIGCONT')
      return `frozen for ${seconds(frozenMs, 0)}: ${await silence(stage, size, frozenMs, freeze, thaw)}`
    })
    if (size === 'quick') return stopped
    const places = [await makePlace(), await makePlace()]
    try {
      const halfOpen = await onCluster(
        2,
        {},
        async stage => {
          const cut = async () => void (await Promise.all(places.map(place => place.cut('bus'))))
          const mend = async () => void (await Promise.all(places.map(place => place.mend('bus'))))
          return `half open for ${seconds(frozenMs, 0)}: ${await silence(stage, size, frozenMs, cut, mend)}`
        },
        { places },
      )
      return `${stopped}; ${halfOpen}`
    } finally {
      for (const place of places) await place.remove()
    }
  },
}

async function silence(
  stage: ClusterStage,
  size: Size,
  silentMs: number,
  begin: () => Promise<void>,
  end: () => Promise<void>,
): Promise<string> {
  const [a, b] = [stage.at(0), stage.at(1)]
  const [here] = await stage.devices(a, 1)
  const [there] = await stage.devices(b, 1)
  if (!here || !there) throw new Error('no devices')
  await passing(here, there)
  await sleep(3_000) // both are at home where they are connected again
  const pulse = await startPulse({ devices: many => stage.devices(a, many) }, 20)
  await begin()
  const since = performance.now()
  const refused = new Times()
  refused.add(await unavailableIn(here, there))
  refused.add(await unavailableIn(there, here))
  const [one, other] = await stage.devices(a, 2)
  if (!one || !other) throw new Error('no devices')
  await passing(one, other)
  let noticed: number | undefined
  if (silentMs > noticedWithinMs) {
    for (const node of [a, b]) {
      const left = noticedWithinMs - (performance.now() - since)
      await until('health to say that the bus is away', async () => (await busOf(node)) === 'away', left)
    }
    noticed = performance.now() - since
    refused.add(await unavailableIn(here, there))
  }
  must(refused.worst < allowed(size, 2_000), `unavailable was said after ${seconds(refused.worst)}`)
  await sleep(Math.max(0, silentMs - (performance.now() - since)))
  await end()
  const ended = performance.now()
  for (const node of [a, b]) {
    await until(
      'health to say that the bus is there',
      async () => (await busOf(node)) === 'connected',
      10_000,
    )
  }
  await until('calls across nodes', () => reaches(here, there), 10_000)
  await passing(there, here)
  const back = performance.now() - ended
  const local = await pulse.stop()
  must(local.worst < allowed(size, 1_000), `a call within a node stood still for ${seconds(local.worst)}`)
  return [
    `across nodes unavailable after at most ${seconds(refused.worst)}`,
    noticed === undefined ? 'too short to be told' : `health said so after ${seconds(noticed, 1)}`,
    `calls across nodes ${seconds(back)} after the end`,
    `within a node p99 ${millis(local.within(0.99))}, slowest ${millis(local.worst)}`,
  ].join(', ')
}

await alone(import.meta.url, natsFrozen)
