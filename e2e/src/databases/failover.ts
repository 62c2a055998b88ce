import { setTimeout as sleep } from 'node:timers/promises'
import { chance, count, freshSeed, millis, seconds, Times } from '../faults/figures.js'
import { createLedger } from '../faults/ledger.js'
import { until } from '../faults/processes.js'
import { startPulse } from '../faults/pulse.js'
import { allowed, alone, must, type Scenario } from '../faults/scenario.js'
import { onStage } from '../faults/stage.js'
import { keepCalling } from './call-book.js'
import { startReplicaPair } from './replica-pair.js'

const sizes = { quick: { killed: 1, frozen: 0, writers: 2 }, full: { killed: 6, frozen: 3, writers: 3 } }
const backWithinMs = 10_000

/** The primary is lost under load, its synchronous standby takes its place. */
export const failover: Scenario = {
  id: 'F3B',
  title: 'PostgreSQL primary killed -9 or frozen under load, its standby promoted',
  run: async size => {
    const { killed, frozen, writers } = sizes[size]
    const rounds = [...Array<'killed'>(killed).fill('killed'), ...Array<'frozen'>(frozen).fill('frozen')]
    const random = chance(freshSeed())
    const pair = await startReplicaPair('calls')
    try {
      return await onStage({ env: { DATABASE_URL: pair.url } }, async stage => {
        const ledger = createLedger(stage.rest)
        const pulse = await startPulse(stage)
        const [caller, callee] = await stage.devices(2)
        if (!caller || !callee) throw new Error('no devices')
        const calls = keepCalling(stage.rest, caller, callee)
        const back = { killed: new Times(), frozen: new Times() }
        const promotion = new Times()
        ledger.work(writers)
        for (const [round, how] of rounds.entries()) {
          if (round > 0) await pair.rejoin()
          const before = [ledger.acknowledged, calls.acknowledged]
          const isLoaded = () =>
            ledger.acknowledged > (before[0] ?? 0) + 20 && calls.acknowledged > (before[1] ?? 0) + 3
          await until('a load', isLoaded, 30_000)
          await sleep(random.below(300))
          const since = performance.now()
          await pair.failOver(how)
          const promoted = performance.now()
          promotion.add(promoted - since)
          await until('writes again', () => ledger.last.sent > promoted, 30_000, 5)
          back[how].add(ledger.last.acknowledged - since)
          const stepsBefore = calls.acknowledged
          await until('calls again', () => calls.acknowledged > stepsBefore + 3, 30_000)
        }
        await Promise.all([ledger.pause(), calls.pause()])
        const signaling = await pulse.stop()
        const missing = [...(await ledger.missing()), ...(await calls.missing())]
        must(missing.length === 0, `lost, though acknowledged: ${missing.slice(0, 5).join('; ')}`)
        must(ledger.odd.length === 0, `answers that are neither success nor 503, like ${ledger.odd[0]}`)
        for (const [how, times] of Object.entries(back))
          must(
            times.worst <= allowed(size, backWithinMs),
            `${how}: writes again only after ${seconds(times.worst)}`,
          )
        const told = Object.entries(back)
          .filter(([, times]) => times.count > 0)
          .map(
            ([how, times]) =>
              `${how} ${times.count} times, writes again after ${seconds(times.within(0.5))} (slowest ${seconds(times.worst)})`,
          )
        return [
          ...told,
          `of that to promote ${seconds(promotion.within(0.5))} (slowest ${seconds(promotion.worst)})`,
          `0 of ${count(ledger.acknowledged)} acknowledged writes and 0 of ${count(calls.acknowledged)} steps of calls lost`,
          `${count(ledger.answers['503']?.count ?? 0)} requests refused, slowest after ${seconds(ledger.answers['503']?.worst ?? 0)}`,
          `signaling p99 ${millis(signaling.within(0.99))}`,
        ].join(', ')
      })
    } finally {
      await pair.stop()
    }
  },
}

await alone(import.meta.url, failover)
