import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'
import { seconds } from './figures.js'
import { signal } from './processes.js'
import { alone, must, type Scenario } from './scenario.js'
import { onStage, type Stage } from './stage.js'

const sizes = {
  quick: { stalls: [2], calls: 3, heartbeat: 25 },
  full: { stalls: [2, 20, 60], calls: 25, heartbeat: 25 },
}

/** The server stands still: nobody loses a call by it, for nobody's window runs while it cannot listen. */
export const stalled: Scenario = {
  id: 'F21',
  title: "a stalled server: SIGSTOP for seconds and a minute",
  run: async size => {
    const { stalls, calls } = sizes[size]
    return onStage({}, async stage => {
      const lines: string[] = []
      for (const stall of stalls) lines.push(await stallFor(stage, stall * 1000, calls))
      return lines.join('; ')
    })
  },
}

async function stallFor(stage: Stage, stallMs: number, calls: number): Promise<string> {
  const { pid } = stage.product
  const devices = await stage.devices(calls * 2 + 2)
  const pairs = Array.from({ length: calls }, (_, index) => devices.slice(index * 2, index * 2 + 2))
  const [ringer, rung] = devices.slice(-2)
  for (const [caller, callee] of pairs) if (caller && callee) await answer(caller, callee)
  if (!ringer || !rung) throw new Error('no devices')
  ringer.call(rung.number)
  await rung.until('the call', frame => frame.REASON === 'call')
  signal(pid, 'SIGSTOP')
  stage.after(() => signal(pid, 'SIGCONT'))
  // One party of every other call is lost meanwhile, and says what it has to say before.
  const lost = stallMs > 2_000 ? pairs.filter((_, index) => index % 2 === 1) : []
  for (const [caller] of lost) caller?.wire.socket.terminate()
  for (const [caller, callee] of pairs)
    if (caller && callee) callee.candidate(caller.number, 'said into the stall')
  await sleep(stallMs)
  signal(pid, 'SIGCONT')
  const since = performance.now()
  for (const [caller, callee] of lost) {
    if (caller && callee) must((await caller.resume()).RESUMED === true, 'a session was not resumed')
  }
  for (const [caller, callee] of pairs) {
    if (!caller || !callee) continue
    await caller.until('what was said', frame => frame.CANDIDATE === 'said into the stall')
  }
  const took = performance.now() - since
  for (const [caller, callee] of pairs) {
    if (!caller || !callee) continue
    const seen = [...(await caller.fence()), ...(await callee.fence())].filter(
      ({ REASON }) => REASON !== 'ack',
    )
    must(seen.length === 0, `the stall showed: ${JSON.stringify(seen)}`)
    caller.hangUp(callee.number)
    await callee.until('the end', frame => frame.CAUSE === 'hung_up')
  }
  await ringEnds(ringer, rung, stallMs)
  return `${stallMs / 1000} s: ${calls} calls go on, ${lost.length} of them with a party that had lost its socket, after ${seconds(took)}`
}

/** A ring shorter than the stall is over, and both are told; a longer one can still be answered. */
async function ringEnds(ringer: Device, rung: Device, stallMs: number): Promise<void> {
  if (stallMs >= 60_000) {
    for (const device of [ringer, rung]) {
      await device.until('the end of the ring', frame => frame.CAUSE === 'no_answer')
    }
    return
  }
  await answerWaiting(ringer, rung)
  ringer.hangUp(rung.number)
  await rung.until('the end', frame => frame.CAUSE === 'hung_up')
}

async function answer(caller: Device, callee: Device): Promise<void> {
  caller.call(callee.number)
  await callee.until('the call', frame => frame.REASON === 'call')
  await answerWaiting(caller, callee)
}

async function answerWaiting(caller: Device, callee: Device): Promise<void> {
  callee.accept(caller.number)
  await caller.until('the answer', frame => frame.REASON === 'callResponse')
}

await alone(import.meta.url, stalled)
