import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../people.js'
import { openWire } from '../wire.js'
import { count, millis, seconds, Times } from './figures.js'
import { freeze, postmasterOf, until } from './processes.js'
import { startPulse } from './pulse.js'
import { allowed, alone, meanwhile, must, type Scenario } from './scenario.js'
import { onStage, type Stage } from './stage.js'

const sizes = { quick: { frozenMs: 7_000, clients: 4 }, full: { frozenMs: 45_000, clients: 20 } }
const refusesWithinMs = 6_000
const recoversWithinMs = 5_000
/** Below this, twice as long is the machine's own noise. */
const noiseMs = 50

/** PostgreSQL stands still, not dead: nothing tells us but time. */
export const postgresFrozen: Scenario = {
  id: 'F4',
  title: 'PostgreSQL frozen by SIGSTOP, then let go on',
  run: async size => {
    const { frozenMs, clients } = sizes[size]
    return onStage({}, async stage => {
      const accounts = await stage.crowd(clients)
      const newcomer = await stage.join()
      const pulse = await startPulse(stage)
      await sleep(1_000)
      const before = pulse.look()
      const thaw = await freeze(await postmasterOf(stage.product))
      stage.after(thaw)
      const refused = new Times()
      const frozen = performance.now()
      const ask = async (token: string) => {
        while (performance.now() - frozen < frozenMs) {
          const since = performance.now()
          const { status } = await stage.rest('GET', '/get_user', { token })
          if (performance.now() - frozen >= frozenMs && status === 200) return
          must(status === 503, `a frozen database was answered with ${status}`)
          refused.add(performance.now() - since)
          await sleep(50)
        }
      }
      const asking = meanwhile(Promise.all(accounts.map(({ token }) => ask(token))))
      const arriving = meanwhile(arrivals(stage, newcomer, frozenMs))
      await sleep(frozenMs)
      const during = pulse.look()
      thaw()
      const works = async () =>
        (await stage.rest('GET', '/get_user', { token: accounts[0]?.token })).status === 200
      const back = await until('REST after the thaw', works, 30_000)
      await asking
      await pulse.stop()
      const sentAway = await arriving
      must(refused.count > 0, 'no request met the frozen database')
      must(refused.worst <= allowed(size, refusesWithinMs), `503 came only after ${seconds(refused.worst)}`)
      must(back <= allowed(size, recoversWithinMs), `REST works again only ${seconds(back)} after the thaw`)
      const [calm, cold] = [before.within(0.99), during.within(0.99)]
      must(
        cold <= Math.max(2 * calm, allowed(size, noiseMs)),
        `signaling p99 went from ${millis(calm)} to ${millis(cold)}`,
      )
      return [
        `frozen for ${seconds(frozenMs, 0)}`,
        `${count(refused.count)} requests refused with 503, slowest after ${seconds(refused.worst)}`,
        `${count(sentAway)} new sockets told to come back, none to log in again`,
        `signaling p99 ${millis(calm)} before and ${millis(cold)} meanwhile`,
        `REST works again ${seconds(back)} after`,
      ].join(', ')
    })
  },
}

/** People who connect meanwhile, from the first moment on; how many. */
async function arrivals(stage: Stage, { token }: Account, forMs: number): Promise<number> {
  const deadline = performance.now() + forMs
  let sentAway = 0
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (performance.now() < deadline) {
        const since = performance.now()
        const wire = await openWire(stage.product.signal)
        wire.send({ REASON: 'connect', TOKEN: token })
        const { code } = await Promise.race([wire.closed, wire.next('connected').then(() => ({ code: 0 }))])
        if (code === 0) return wire.socket.terminate() // it thawed
        const took = performance.now() - since
        must(code === 1012, `somebody who connected while the database stood still was closed with ${code}`)
        must(took <= refusesWithinMs, `somebody who connected was told only after ${seconds(took)}`)
        sentAway += 1
        await sleep(100)
      }
    }),
  )
  return sentAway
}

await alone(import.meta.url, postgresFrozen)
