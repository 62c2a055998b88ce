import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { makePlace, type Place } from '../cluster/network.js'
import { type ClusterStage, establish, onCluster, type passing, reaches } from './cluster-stage.js'
import { millis, seconds, Times } from './figures.js'
import { until } from './processes.js'
import { startPulse } from './pulse.js'
import { allowed, alone, must, type Scenario, type Size } from './scenario.js'

const sizes = { quick: { flaps: 4 }, full: { flaps: 60 } }
const everyMs = 1_000
/** Lines of one node about one flap: it is away, it is back, somebody is gone, and a little. */
const linesPerFlap = 8

/** The way from one node to the bus comes and goes each second, both ways at once or one of them alone. */
export const flapping: Scenario = {
  id: 'F9',
  title: 'an asymmetric partition, and one that flaps every second',
  run: async size => {
    const lines = [`one way: ${await flap(size, 'muffle', 'unmuffle')}`]
    if (size === 'full') lines.push(`both ways: ${await flap(size, 'cut', 'mend')}`)
    return lines.join('; ')
  },
}

async function flap(size: Size, down: 'muffle' | 'cut', up: 'unmuffle' | 'mend'): Promise<string> {
  const { flaps } = sizes[size]
  const places = [await makePlace(), await makePlace()]
  const far = places[1] as Place
  try {
    return await onCluster(
      2,
      {},
      async stage => {
        const [a, b] = [stage.at(0), stage.at(1)]
        const [caller, here] = await stage.devices(a, 2)
        const [callee, there] = await stage.devices(b, 2)
        if (!caller || !callee || !here || !there) throw new Error('no devices')
        const callId = await establish(caller, callee)
        const pulse = await startPulse({ devices: many => stage.devices(b, many) }, 20)
        const before = linesOf(stage)
        const answered = new Times()
        for (let n = 0; n < flaps; n++) {
          await far[down]('bus')
          await sleep(everyMs / 2)
          if (n % 5 === 0) answered.add(await answer(here, there))
          await far[up]('bus')
          await sleep(everyMs / 2)
        }
        const ended = performance.now()
        await until('calls across', () => reaches(here, there), 10_000)
        const back = performance.now() - ended
        const local = await pulse.stop()
        const changes = await changesOf(stage, callId)
        const lines = Math.max(...linesOf(stage).map((count, index) => count - (before[index] ?? 0)))
        must(changes <= flaps, `a call changed hands ${changes} times in ${flaps} flaps`)
        must(lines <= flaps * linesPerFlap + 20, `${lines} lines in a log for ${flaps} flaps`)
        must(answered.worst < allowed(size, 2_000), `an answer took ${seconds(answered.worst)}`)
        must(
          local.worst < allowed(size, 1_000),
          `a call within the node stood still for ${seconds(local.worst)}`,
        )
        return `${flaps} times, an established call changed hands ${changes} times, ${lines} lines in the log, an answer across after at most ${seconds(answered.worst)}, within the node p99 ${millis(local.within(0.99))}, calls across ${seconds(back)} after the end`
      },
      { places },
    )
  } finally {
    for (const place of places) await place.remove()
  }
}

/** How long a caller waits for any answer: it rings, or nobody is there. Its call is ended again. */
async function answer(
  caller: Parameters<typeof passing>[0],
  callee: Parameters<typeof passing>[0],
): Promise<number> {
  const since = performance.now()
  caller.call(callee.number)
  const { REASON } = await caller.until('an answer', ({ REASON: reason }) => /HangUp|ringing/.test(reason))
  const took = performance.now() - since
  if (REASON === 'ringing') caller.hangUp(callee.number)
  return took
}

const linesOf = ({ nodes }: ClusterStage) => nodes.map(node => node.logs().split('\n').length)

/** How often a call changed hands: its term. */
async function changesOf({ databaseUrl }: ClusterStage, callId: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ term: number }>('select term from calls where id = $1', [callId])
    return rows[0]?.term ?? 0
  } finally {
    await client.end()
  }
}

await alone(import.meta.url, flapping)
