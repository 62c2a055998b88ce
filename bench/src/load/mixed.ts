import { callFrames, playCall } from './calls.js'
import { closePairs, openDevice, openPairs } from './device.js'
import { dialects } from './dialects.js'
import { openHttp, prepareRequests } from './http.js'
import { latencies } from './latencies.js'
import type { Latency, Work } from './orders.js'
import { pace } from './pace.js'
import { candidatesOfACall } from './payloads.js'
import type { OpenStage } from './stage.js'

type MixedWork = Extract<Work, { kind: 'mixed' }>
/** Of the accounts the first are pairs that call, the others come and go. */
export const mixedPairs = 50

/** Each kind of work at a rate of its own; an operation is a call, and what else an evening brings goes with it. */
export const openMixed: OpenStage<MixedWork> = async (work, fail) => {
  const { target } = work
  const pairs = await openPairs({ ...target, accounts: target.accounts.slice(0, 2 * mixedPairs) }, fail)
  const visitors = target.accounts.slice(2 * mixedPairs)
  const idle = pairs.map(pair => ({ pair, frames: callFrames(pair, candidatesOfACall) }))
  const readers = await Promise.all(
    work.reads.map(async ({ perSecond, http }) => ({
      perSecond,
      http,
      requests: prepareRequests(http),
      idle: await Promise.all(Array.from({ length: http.lanes }, () => openHttp(http.port))),
    })),
  )
  let visitor = 0

  return {
    async run(ms, fails) {
      const summaries: Record<string, Latency> = {}
      const open = new Set<Promise<void>>()
      const at = async (name: string, perSecond: number, act: () => Promise<void>) => {
        const times = latencies()
        await pace(perSecond, ms, due => {
          const one = act().then(
            () => times.add(performance.now() - due),
            (error: unknown) => fails(String(error)),
          )
          open.add(one)
          void one.finally(() => open.delete(one))
        })
        return () => {
          summaries[name] = times.summary()
        }
      }

      const call = async () => {
        const free = idle.shift()
        if (!free) return fails('all pairs are in calls: the rate of calls is too high')
        await playCall(free.pair, free.frames, candidatesOfACall, fails)
        idle.push(free)
      }
      const connect = async () => {
        const account = visitors[visitor++ % visitors.length]
        if (!account) return
        const at = {
          dialect: dialects[target.dialect],
          port: target.ports[0] ?? 0,
          account,
          peer: account.number,
        }
        const device = await openDevice(at, fails)
        device.client.close()
      }
      const read = ({ requests, idle: connections, http }: (typeof readers)[number]) => {
        let next = 0
        return async () => {
          const lane = connections.shift()
          if (!lane) return fails(`all connections wait for ${http.path}: its rate is too high`)
          // One that was idle for long was closed by the server, as it does with everybody's.
          const connection = lane.isOpen() ? lane : await openHttp(http.port)
          const status = await connection.ask(requests[next++ % requests.length] as Buffer)
          if (status !== http.expect) return fails(`${http.path} answered ${status}`)
          connections.push(connection)
        }
      }

      const finish = await Promise.all([
        at('call', work.callsPerSecond, call),
        at('connect', work.connectsPerSecond, connect),
        ...readers.map(reader => at(reader.http.path, reader.perSecond, read(reader))),
      ])
      await Promise.all(open)
      for (const sum of finish) sum()
      return { operations: summaries.call?.count ?? 0, latencies: summaries }
    },
    close() {
      closePairs(pairs)
      for (const { idle: connections } of readers) for (const connection of connections) connection.close()
    },
  }
}
