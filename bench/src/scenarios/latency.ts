import type { HttpWork } from '../load/orders.js'
import { type Contestant, measureRounds } from '../measure/rounds.js'
import { pairedRatio } from '../measure/statistics.js'
import { emailOf } from '../seed/people.js'
import { password, startSwitchboard } from '../systems/switchboard.js'
import { costsResult } from './costs-table.js'
import type { Bench, Scenario, Verdict } from './scenario.js'
import { pairsAtOnce, targetOf } from './signaling.js'

const perSecond = 2_000
const loginLanes = 16
const [quiet, beside] = ['quiet', 'beside logins']

export const logins = (port: number, lanes: number): HttpWork => ({
  port,
  method: 'POST',
  path: '/login',
  tokens: [],
  bodies: Array.from({ length: 200 }, (_, n) => JSON.stringify({ email: emailOf(1_000 + n), password })),
  lanes,
  expect: 200,
})

/** Not kept to a core: hashing has the other one, as it has where this runs in earnest. */
export const latency: Scenario = {
  name: 'L',
  title: `Latency of a relayed candidate at ${perSecond} a second, quiet and while logins saturate hashing`,
  async run(bench: Bench) {
    const system = bench.owns(await startSwitchboard({ users: 2_000, unpinned: true }))
    const accounts = (await targetOf(system, 4 * pairsAtOnce)).accounts
    const contestant = (name: string, from: number, more: { beside?: HttpWork }): Contestant => {
      const { dialect, ports } = system
      const target = { dialect, ports, accounts: accounts.slice(from, from + 2 * pairsAtOnce) }
      return { name, system, work: { kind: 'rate', target, perSecond, ...more } }
    }
    const contestants = [
      contestant(quiet, 0, {}),
      contestant(beside, 2 * pairsAtOnce, { beside: logins(system.api, loginLanes) }),
    ]
    const measured = await measureRounds(bench.load, contestants, bench.effort)
    await system.stop()
    const of = (name: string, percentile: 'p50' | 'p99') =>
      measured
        .find(each => each.name === name)
        ?.rounds.map(({ latencies }) => latencies.relay?.[percentile] ?? Number.NaN) ?? []
    const verdicts = (['p50', 'p99'] as const).map(
      (percentile): Verdict => ({
        what: `L, ${percentile} ${beside}`,
        against: quiet,
        measured: pairedRatio(of(beside, percentile), of(quiet, percentile)),
        most: 2,
        unit: '×',
      }),
    )
    return {
      ...costsResult(this, measured, verdicts, [
        `Latency counts from when a message was due, in bursts of ten, not from when it was let out. ${loginLanes} logins wait at any time; CPU beside them is theirs as well.`,
        'Hashing, PostgreSQL, server and load share two cores here: what logins add is mostly the wait for a core.',
      ]),
      bars: [],
    }
  },
}
