import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'
import type { Frame } from '../wire.js'
import { chance, count, freshSeed, seconds } from './figures.js'
import { inspect, inspected } from './inspector.js'
import { descriptorsOf, residentOf } from './processes.js'
import { alone, must, type Scenario } from './scenario.js'
import { onStage } from './stage.js'

const sizes = {
  quick: { calls: 2_000, warmUp: 500, pairs: 4 },
  // `FAULT_CALLS` where there is no time for a million.
  full: { calls: Number(process.env.FAULT_CALLS ?? 1_000_000), warmUp: 50_000, pairs: 32 },
}
const driftAtMost = 5

/** How a call may end. */
const endings = [
  'hung up',
  'hung up',
  'hung up',
  'denied',
  'cancelled',
  'nobody there',
  'socket lost',
] as const
type Ending = (typeof endings)[number]

/** Calls of every kind, one after the other on many lines: nothing may stay of them. */
export const manyCalls: Scenario = {
  id: 'F23',
  title: 'a million calls with every kind of end, without a leak',
  run: async size => {
    const { calls, warmUp, pairs: pairCount } = sizes[size]
    const random = chance(freshSeed())
    const env = { RESUME_WINDOW_SECONDS: '1' }
    return onStage({ env, node: inspected }, async stage => {
      const { pid } = stage.product
      const inspector = await inspect(stage.product)
      stage.after(inspector.close)
      const devices = await stage.devices(pairCount * 2)
      const idle = await descriptorsOf(pid)
      const play = async (total: number) => {
        let left = total
        const line = async (caller: Device, callee: Device) => {
          while (left-- > 0) await playCall(caller, callee, random.pick(endings))
        }
        const lines = devices.flatMap((device, index) => {
          const callee = devices[index + 1]
          return index % 2 === 0 && callee ? [line(device, callee)] : []
        })
        await Promise.all(lines)
        await sleep(2_000) // the windows of lost sockets pass
      }
      await play(warmUp)
      const before = { memory: await inspector.inUse(), resident: await residentOf(pid) }
      const since = performance.now()
      await play(calls)
      const took = performance.now() - since
      const after = { memory: await inspector.inUse(), resident: await residentOf(pid) }
      const drift = after.resident - before.resident
      const grown = after.memory - before.memory
      const sessions = await inspector.instances('signaling/session.js', 'Session')
      const descriptors = await descriptorsOf(pid)
      must(stage.product.pid === pid, 'the server was replaced')
      must(grown <= driftAtMost, `memory in use grew by ${grown.toFixed(1)} MiB`)
      must(size === 'quick' || drift <= driftAtMost, `resident memory grew by ${drift.toFixed(1)} MiB`)
      must(sessions === devices.length, `${sessions} sessions for ${devices.length} devices`)
      must(descriptors <= idle + 12, `${descriptors} descriptors, ${idle} before`) // the database's pool breathes
      for (const device of devices) {
        await device.reconnect()
        must((device.hello.CALLS as unknown[]).length === 0, 'a call was left over')
      }
      return [
        `${count(calls)} calls, ${count(Math.round((calls * 1000) / took))} a second (${seconds(took, 0)})`,
        `memory in use ${grown < 0 ? '' : '+'}${grown.toFixed(1)} MiB, resident ${drift < 0 ? '' : '+'}${drift.toFixed(1)} MiB`,
        `${sessions} sessions for ${devices.length} devices, 0 calls left, descriptors ${idle} before and ${descriptors} after`,
      ].join(', ')
    })
  },
}

const reason = (expected: string) => (frame: Frame) => frame.REASON === expected

async function playCall(caller: Device, callee: Device, ending: Ending): Promise<void> {
  if (ending === 'nobody there') {
    caller.call('999')
    await caller.until('unavailable', frame => frame.CAUSE === 'unavailable')
    return
  }
  caller.call(callee.number, 'offer')
  await callee.until('the call', reason('call'))
  if (ending === 'denied') {
    callee.deny(caller.number)
    await caller.until('the refusal', reason('callResponse'))
    return
  }
  caller.candidate(callee.number, 'candidate:1')
  if (ending === 'cancelled') {
    caller.hangUp(callee.number)
    await callee.until('the end', reason('HangUp'))
    return
  }
  callee.accept(caller.number, 'answer')
  callee.candidate(caller.number, 'candidate:2')
  await caller.until('a candidate', reason('ICECandidate'))
  if (ending === 'socket lost') {
    await caller.drop()
    await (Math.random() < 0.5 ? caller.resume() : caller.reconnect())
  }
  caller.hangUp(callee.number)
  await callee.until('the end', reason('HangUp'))
}

await alone(import.meta.url, manyCalls)
