import { mixedPairs } from '../load/mixed.js'
import type { HttpWork } from '../load/orders.js'
import { measureRounds } from '../measure/rounds.js'
import { costsResult } from './costs-table.js'
import { logins } from './latency.js'
import type { Bench, Scenario } from './scenario.js'
import { targetOf } from './signaling.js'

const callsPerSecond = 40
const visitors = 2_000

/** Of a call come two connects (a push wakes both apps), one look at the contacts, one at the history, and so on. */
const aCall = { connects: 2, contacts: 1, history: 1, user: 0.5, logins: 0.1 }

export const mixed: Scenario = {
  name: 'mixed',
  title: `An evening: ${callsPerSecond} calls a second, and what goes with them`,
  async run(bench: Bench) {
    const ours = await bench.switchboard()
    const target = await targetOf(ours, 2 * mixedPairs + visitors)
    const tokens = target.accounts.map(({ token }) => token)
    const get = (path: string): HttpWork => ({
      port: ours.api,
      method: 'GET',
      path,
      tokens,
      lanes: 64,
      expect: 200,
    })
    const measured = await measureRounds(
      bench.load,
      [
        {
          name: ours.name,
          system: ours,
          work: {
            kind: 'mixed',
            target,
            callsPerSecond,
            connectsPerSecond: callsPerSecond * aCall.connects,
            reads: [
              { perSecond: callsPerSecond * aCall.contacts, http: get('/get_contacts') },
              { perSecond: callsPerSecond * aCall.history, http: get('/get_call_history') },
              { perSecond: callsPerSecond * aCall.user, http: get('/get_user') },
              { perSecond: callsPerSecond * aCall.logins, http: logins(ours.api, 32) },
            ],
          },
        },
      ],
      bench.effort,
    )
    return {
      ...costsResult(
        this,
        measured,
        [],
        [
          `CPU a call, with all that goes with it: ${aCall.connects} connects, ${aCall.contacts} get_contacts, ${aCall.history} get_call_history, ${aCall.user} get_user, ${aCall.logins} logins (13 ms of hashing each). Latencies count from when each was due.`,
        ],
      ),
      bars: [],
    }
  },
}
