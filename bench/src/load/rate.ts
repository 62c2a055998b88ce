import { closePairs, openPairs } from './device.js'
import { httpLanes } from './http.js'
import { latencies } from './latencies.js'
import type { Work } from './orders.js'
import { pace } from './pace.js'
import { callAll } from './relay.js'
import type { OpenStage } from './stage.js'

type RateWork = Extract<Work, { kind: 'rate' }>
/** Several messages fall due together: the load sleeps between bursts and leaves its core to others. */
const burst = 10

/** An operation is one candidate; its latency counts from when it was due. */
export const openRate: OpenStage<RateWork> = async ({ target, perSecond, beside }, fail) => {
  const pairs = await openPairs(target, fail)
  await callAll(pairs)
  const aside = beside && (await httpLanes(beside))

  return {
    async run(ms, fails) {
      const times = latencies()
      let sent = 0
      let arrived = 0
      let done: () => void = () => undefined
      const due = pairs.map((): number[] => [])
      pairs.forEach(([, callee], n) => {
        callee.heard = kind => {
          if (kind !== 'candidate') return
          times.add(performance.now() - (due[n]?.shift() ?? 0))
          arrived++
          done()
        }
      })
      const besides = aside?.run(ms, fails)
      await pace(perSecond / burst, ms, at => {
        for (let i = 0; i < burst; i++) {
          const n = sent++ % pairs.length
          const pair = pairs[n]
          due[n]?.push(at)
          pair?.[0].client.send(pair[0].frames.candidate)
        }
      })
      await new Promise<void>(resolve => {
        done = () => {
          if (arrived === sent) resolve()
        }
        done()
      })
      const besideDone = await besides
      return { operations: sent, latencies: { relay: times.summary(), ...besideDone?.latencies } }
    },
    close() {
      closePairs(pairs)
      aside?.close()
    },
  }
}
