import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'
import { Times } from './figures.js'
import { must } from './scenario.js'
import type { Stage } from './stage.js'

/** Two people in a call who send each other something all the time: whether signaling lives, and how fast. */
export interface Pulse {
  readonly caller: Device
  readonly callee: Device
  /** Takes the times since the last look away. */
  look(): Times
  /** The times of everything; rejects when something did not arrive. */
  stop(): Promise<Times>
}

/** Candidates cross an established call every few milliseconds until the pulse is stopped. */
export async function startPulse({ devices }: Pick<Stage, 'devices'>, everyMs = 10): Promise<Pulse> {
  const [caller, callee] = await devices(2)
  if (!caller || !callee) throw new Error('no devices')
  caller.call(callee.number)
  await callee.until('the call', frame => frame.REASON === 'call')
  callee.accept(caller.number)
  await caller.until('the answer', frame => frame.REASON === 'callResponse')
  const all = new Times()
  let recent = new Times()
  let beating = true
  const beat = async () => {
    for (let n = 0; beating; n++) {
      const since = performance.now()
      caller.candidate(callee.number, `beat ${n}`)
      await callee.until('a candidate', frame => frame.CANDIDATE === `beat ${n}`)
      const took = performance.now() - since
      all.add(took)
      recent.add(took)
      await sleep(everyMs)
    }
  }
  let fault: unknown
  const done = beat().catch((error: unknown) => {
    fault = error
  })
  return {
    caller,
    callee,
    look() {
      const seen = recent
      recent = new Times()
      return seen
    },
    async stop() {
      beating = false
      await done
      must(fault === undefined, `a call did not go on: ${(fault as Error | undefined)?.message}`)
      caller.hangUp(callee.number)
      await callee.until('the end', frame => frame.REASON === 'HangUp')
      return all
    },
  }
}
