import { measureRounds } from '../measure/rounds.js'
import { startSwitchboard } from '../systems/switchboard.js'
import { costsResult } from './costs-table.js'
import type { Bench, Scenario } from './scenario.js'
import { targetOf } from './signaling.js'

export const storm: Scenario = {
  name: 'storm',
  title: 'Everybody loses the socket at once and comes back at once',
  async run(bench: Bench) {
    const clients = bench.full ? 10_000 : 2_000
    const system = bench.owns(await startSwitchboard({ users: clients }))
    const floor = await bench.relay('floor')
    const contestants = []
    for (const each of [system, floor])
      contestants.push({
        name: each.name,
        system: each,
        work: { kind: 'storm' as const, target: await targetOf(each, clients) },
      })
    const measured = await measureRounds(bench.load, contestants, bench.effort)
    await system.stop()
    return costsResult(
      this,
      measured,
      [],
      [
        `${clients} clients. Switchboard's continue their sessions, within 5 s of opening a socket or they are sent away; the floor has none. CPU a client includes noticing that its socket is gone.`,
      ],
    )
  },
}
