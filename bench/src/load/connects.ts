import { openDevice } from './device.js'
import { dialects } from './dialects.js'
import { latencies } from './latencies.js'
import type { Work } from './orders.js'
import type { OpenStage } from './stage.js'

type ConnectsWork = Extract<Work, { kind: 'connects' }>

/** An operation is a connection: opened, let in, closed. Accounts take turns, each token is new to the server once. */
export const openConnects: OpenStage<ConnectsWork> = async ({ target, lanes }) => {
  const { accounts, ports } = target
  const dialect = dialects[target.dialect]
  const port = ports[0] ?? 0
  let next = 0

  return {
    async run(ms, fail) {
      const until = performance.now() + ms
      const times = latencies()
      const lane = async () => {
        while (performance.now() < until) {
          const account = accounts[next++]
          if (!account) return fail('more connections than there are tokens')
          const since = performance.now()
          const device = await openDevice({ dialect, port, account, peer: account.number }, fail)
          times.add(performance.now() - since)
          device.client.close()
        }
      }
      await Promise.all(Array.from({ length: lanes }, lane))
      const connect = times.summary()
      return { operations: connect.count, latencies: { connect } }
    },
    close: () => undefined,
  }
}
