import { closePairs, type Fail, openPairs, type Pair } from './device.js'
import { latencies } from './latencies.js'
import type { Work } from './orders.js'
import type { OpenStage } from './stage.js'

type CallsWork = Extract<Work, { kind: 'calls' }>

/** Frames of a call whose candidates follow offer and answer at once, as a gathering browser sends them. */
export function callFrames([caller, callee]: Pair, candidates: number) {
  const all = (device: Pair[number]) => Array.from({ length: candidates }, () => device.frames.candidate)
  return {
    offer: Buffer.concat([caller.frames.offer, ...all(caller)]),
    answer: Buffer.concat([callee.frames.answer, ...all(callee)]),
    bye: caller.frames.bye,
  }
}

/** One whole call: offer, answer, candidates both ways, and the caller hangs up when all of it has arrived. */
export function playCall(pair: Pair, frames: ReturnType<typeof callFrames>, candidates: number, fail: Fail) {
  const [caller, callee] = pair
  let missing = 2 * candidates + 2
  return new Promise<void>(resolve => {
    const arrived = () => {
      if (--missing === 0) caller.client.send(frames.bye)
    }
    callee.heard = kind => {
      if (kind === 'bye') return missing === 0 ? resolve() : fail('a call ended before its time')
      if (kind === 'offer') callee.client.send(frames.answer)
      if (kind === 'offer' || kind === 'candidate') arrived()
    }
    caller.heard = kind => {
      if (kind === 'bye') return fail('a call was refused')
      if (kind === 'answer' || kind === 'candidate') arrived()
    }
    caller.client.send(frames.offer)
  })
}

/** An operation is a call. */
export const openCalls: OpenStage<CallsWork> = async ({ target, candidates }, fail) => {
  const pairs = await openPairs(target, fail)
  const prepared = pairs.map(pair => ({ pair, frames: callFrames(pair, candidates) }))

  return {
    async run(ms, fails) {
      const until = performance.now() + ms
      const times = latencies()
      await Promise.all(
        prepared.map(async ({ pair, frames }) => {
          while (performance.now() < until) {
            const since = performance.now()
            await playCall(pair, frames, candidates, fails)
            times.add(performance.now() - since)
          }
        }),
      )
      const call = times.summary()
      return { operations: call.count, latencies: { call } }
    },
    close: () => closePairs(pairs),
  }
}
