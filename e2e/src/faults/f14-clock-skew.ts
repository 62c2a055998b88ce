import { setTimeout as sleep } from 'node:timers/promises'
import type { Rover } from '../cluster/nodes.js'
import { request } from '../rest-client.js'
import { type ClusterStage, establish, finish, onCluster, passing, returned, talk } from './cluster-stage.js'
import { seconds } from './figures.js'
import { until } from './processes.js'
import { alone, must, type Scenario } from './scenario.js'
import { tool } from './tools.js'

const sizes = { quick: { skews: [90] }, full: { skews: [90, -90, 30, -30] } }
const ringSeconds = 8
/** A ring that is this much early or late was measured by two clocks. */
const tolerance = 1_500

/** The clock of one node is wrong: what nodes give each other does not change its time by that. */
export const clockSkew: Scenario = {
  id: 'F14',
  title: 'clocks of nodes that differ by 90 s',
  run: async size => {
    const library = await tool('faketime')
    const lines: string[] = []
    for (const skew of sizes[size].skews) {
      const offset = `${skew < 0 ? '' : '+'}${skew}`
      const wrong = {
        LD_PRELOAD: library,
        FAKETIME: offset,
        FAKETIME_NO_CACHE: '1',
        DONT_FAKE_MONOTONIC: '1',
      }
      const env = { RING_TIMEOUT_SECONDS: String(ringSeconds) }
      lines.push(
        await onCluster(2, env, async stage => {
          await stage.add(wrong)
          await stage.add(wrong)
          return `${offset} s: ${await judge(stage, skew)}`
        }),
      )
    }
    return lines.join('; ')
  },
}

async function judge(stage: ClusterStage, skew: number): Promise<string> {
  const [right, other, wrong, dying] = [stage.at(0), stage.at(1), stage.at(2), stage.at(3)]
  const { headers } = await request(wrong.api, 'GET', '/health/live')
  const off = (Date.parse(String(headers.date)) - Date.now()) / 1000
  must(Math.abs(off - skew) < 5, `the clock is ${off.toFixed(0)} s off, not ${skew}`)

  // Tokens of each are good at all.
  for (const from of [right, wrong]) {
    const { token } = await stage.join(from)
    for (const at of [right, wrong, right, wrong]) {
      const { status } = await request(at.api, 'GET', '/get_user', { token })
      must(status === 200, `a token was answered with ${status} across the skew`)
    }
  }
  const [here, near] = await stage.devices(right, 2)
  const [there, far] = await stage.devices(wrong, 2)
  if (!here || !near || !there || !far) throw new Error('no devices')
  await passing(here, there)
  await passing(there, here)
  const callId = await establish(near, far)

  // A ring keeps its time when it goes from one clock to another: over the bus, and through the database.
  const rang = await ringing(stage, here, there)
  const [doomed] = await stage.devices(dying, 1)
  const [callee] = await stage.devices(other, 1)
  if (!doomed || !callee) throw new Error('no devices')
  doomed.call(callee.number)
  await callee.until('the call', frame => frame.REASON === 'call')
  await doomed.ask({ REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: callee.number, CANDIDATE: 'written' })
  const since = performance.now()
  await sleep(500)
  const sent = callee.closed
  await dying.kill()
  await sent
  await Promise.all([returned(callee, other), returned(doomed, right)])
  await doomed.until('the end of the ring', frame => frame.CAUSE === 'no_answer')
  const rescued = performance.now() - since
  must(
    Math.abs(rescued - ringSeconds * 1000) < tolerance,
    `a ring of ${ringSeconds} s of a node that died took ${seconds(rescued)}`,
  )
  await talk(near, far)
  await finish(near, far, callId)
  const told = () => wrong.logs().includes('clock of this node')
  if (Math.abs(skew) > 60) await until('the log to say that the clock is off', told, 5_000)
  else must(!told(), 'the log complains of a small difference')
  return `rings of ${ringSeconds} s took ${seconds(rang)} between nodes and ${seconds(rescued)} when their node died, tokens good everywhere, calls went on${Math.abs(skew) > 60 ? ', the log says whose clock is off' : ''}`
}

async function ringing(_: ClusterStage, caller: Rover, callee: Rover): Promise<number> {
  const since = performance.now()
  caller.call(callee.number)
  await callee.until('the call', frame => frame.REASON === 'call')
  const ends = [caller, callee].map(async device => {
    await sleep(ringSeconds * 1000 - tolerance)
    await device.until('the end of the ring', frame => frame.CAUSE === 'no_answer')
  })
  await Promise.all(ends)
  const rang = performance.now() - since
  must(Math.abs(rang - ringSeconds * 1000) < tolerance, `a ring of ${ringSeconds} s took ${seconds(rang)}`)
  return rang
}

await alone(import.meta.url, clockSkew)
