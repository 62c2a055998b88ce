import { closePairs, type Device, openPairs, type Pair } from './device.js'
import type { Said } from './dialects.js'
import type { Work } from './orders.js'
import type { OpenStage } from './stage.js'

type RelayWork = Extract<Work, { kind: 'relay' }>

/** Brings every pair into a call. */
export async function callAll(pairs: readonly Pair[]): Promise<void> {
  await Promise.all(
    pairs.map(
      ([caller, callee]) =>
        new Promise<void>(resolve => {
          callee.heard = kind => {
            if (kind === 'offer') callee.client.send(callee.frames.answer)
          }
          caller.heard = kind => {
            if (kind === 'answer') resolve()
          }
          caller.client.send(caller.frames.offer)
        }),
    ),
  )
}

/** Each message is answered with one, so many on their way at once. An operation is one message through the server. */
export const openRelay: OpenStage<RelayWork> = async ({ target, said, window }, fail) => {
  const pairs = await openPairs(target, fail)
  await callAll(pairs)
  const [there, back]: [Said, Said] = said === 'sdp' ? ['offer', 'answer'] : ['candidate', 'candidate']

  return {
    run(ms) {
      let operations = 0
      let onTheWay = 0
      const until = performance.now() + ms
      return new Promise(resolve => {
        const bounce = (device: Device, expected: Said, reply: Said, mayStop: boolean) => {
          device.heard = kind => {
            if (kind !== expected) return
            operations++
            if (mayStop && performance.now() >= until) {
              if (--onTheWay === 0) resolve({ operations, latencies: {} })
              return
            }
            device.client.send(device.frames[reply])
          }
        }
        for (const [caller, callee] of pairs) {
          bounce(callee, there, back, false)
          bounce(caller, back, there, true)
          const burst = Array.from({ length: window }, () => caller.frames[there])
          onTheWay += window
          caller.client.send(Buffer.concat(burst))
        }
      })
    },
    close: () => closePairs(pairs),
  }
}
