import type { Fail } from './device.js'
import { dialects } from './dialects.js'
import { clientFrame } from './frame.js'
import { latencies } from './latencies.js'
import type { Work } from './orders.js'
import type { OpenStage } from './stage.js'
import { openClient, type WsClient } from './ws-client.js'

type StormWork = Extract<Work, { kind: 'storm' }>

interface Returning {
  client: WsClient | undefined
  session: string | undefined
}

const sessionIn = (text: string) => /"SESSION":"([^"]+)"/.exec(text)?.[1]

/** An operation is one client that is back. Servers that know no sessions are connected to anew. */
export const openStorm: OpenStage<StormWork> = async ({ target }, fail) => {
  const dialect = dialects[target.dialect]
  const port = target.ports[0] ?? 0
  const clients: Returning[] = target.accounts.map(() => ({ client: undefined, session: undefined }))

  function comeBack(n: number, fails: Fail): Promise<void> {
    const account = target.accounts[n]
    const returning = clients[n]
    if (!account || !returning) return Promise.resolve()
    return new Promise(resolve => {
      const hello =
        returning.session === undefined
          ? dialect.hello(account)
          : JSON.stringify({
              REASON: 'connect',
              TOKEN: account.token,
              SESSION: returning.session,
              LAST_SEQ: 0,
            })
      const client = openClient(port, dialect.path(account), {
        opened() {
          if (hello !== undefined) client.send(clientFrame(hello))
        },
        text(data, start, end) {
          const kind = dialect.kindOf(data, start, end)
          if (kind === 'fault') return fails(`the server said ${data.subarray(start, end).toString()}`)
          if (kind !== 'ready') return
          returning.session = sessionIn(data.subarray(start, end).toString())
          resolve()
        },
        closed: why => fails(why),
      })
      returning.client = client
    })
  }

  const fewAtATime = async () => {
    let next = 0
    const lane = async () => {
      while (next < clients.length) await comeBack(next++, fail)
    }
    await Promise.all(Array.from({ length: 32 }, lane))
  }
  await fewAtATime()

  return {
    async run(_ms, fails) {
      for (const { client } of clients) client?.destroy()
      const since = performance.now()
      const times = latencies()
      await Promise.all(
        clients.map(async (_, n) => {
          await comeBack(n, fails)
          times.add(performance.now() - since)
        }),
      )
      return { operations: clients.length, latencies: { back: times.summary() } }
    },
    close() {
      for (const { client } of clients) client?.destroy()
    },
  }
}
