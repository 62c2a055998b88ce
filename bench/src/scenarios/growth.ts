import type { HttpWork, Work } from '../load/orders.js'
import { candidatesOfACall } from '../load/payloads.js'
import { startLoad } from '../load-host.js'
import { type Contestant, type Measured, measureRounds, warmRuns } from '../measure/rounds.js'
import { numberOf, stride } from '../seed/people.js'
import { type Switchboard, spread, startSwitchboard } from '../systems/switchboard.js'
import { costsResult, costsTable, ofAll, verdictsOf } from './costs-table.js'
import type { Bench, Result, Scenario, Verdict } from './scenario.js'
import { targetOf } from './signaling.js'
import { contactsOfEach } from './world.js'

const flat = 1.15
const pairs = 50
/** The same in every size: only what lies around them grows. */
const people = 500
const additions = 40_000

/** Adding contacts that nobody has yet, each once. */
function addContact(port: number, tokens: readonly string[], users: number): HttpWork {
  const known = new Set(Array.from({ length: contactsOfEach }, (_, k) => stride(k + 1, users)))
  const strangers: number[] = []
  const most = Math.min(users - 1, additions / people + known.size + 2)
  for (let distance = 2; distance < most; distance++) if (!known.has(distance)) strangers.push(distance)
  const owners = spread(people, users)
  const bodies = strangers.flatMap(distance =>
    owners.map(owner => JSON.stringify({ contact_phonenumber: numberOf((owner + distance) % users) })),
  )
  return { port, method: 'POST', path: '/add_contact', tokens, bodies, lanes: 8, expect: 201 }
}

const operations = {
  relay: async system => ({
    kind: 'relay',
    target: await targetOf(system, 2 * pairs),
    said: 'candidate',
    window: 8,
  }),
  calls: async system => ({
    kind: 'calls',
    target: await targetOf(system, 2 * pairs),
    candidates: candidatesOfACall,
  }),
  connects: async (system, _users, { effort }) => {
    const target = await targetOf(system, people)
    const more = Math.ceil(((effort.rounds + warmRuns) * Math.max(1, effort.ms / 1_000) * 6_000) / people)
    const accounts = [...target.accounts]
    for (let n = 0; n < more; n++) accounts.push(...(await system.accounts(people)))
    return { kind: 'connects', target: { ...target, accounts }, lanes: 50 }
  },
  get_contacts: async system => ({
    kind: 'http',
    http: {
      port: system.api,
      method: 'GET',
      path: '/get_contacts',
      tokens: (await system.accounts(people)).map(({ token }) => token),
      lanes: 16,
      expect: 200,
    },
  }),
  add_contact: async (system, users) => {
    const tokens = (await system.accounts(people)).map(({ token }) => token)
    return { kind: 'http', http: addContact(system.api, tokens, users) }
  },
} satisfies Record<string, (system: Switchboard, users: number, bench: Bench) => Promise<Work>>

/** Several comparisons in one table: what was done, then where. */
function joined(
  scenario: Pick<Scenario, 'name' | 'title'>,
  parts: readonly [string, Measured[], Verdict[]][],
): Result {
  const named = parts.flatMap(([operation, measured]) =>
    measured.map(each => ({ ...each, name: `${operation}, ${each.name}` })),
  )
  const rounds = named.map(each => ({
    ...each,
    rounds: each.rounds.map(round => ({ ...round, latencies: {} })),
  }))
  return {
    ...costsResult(
      scenario,
      named,
      parts.flatMap(([, , verdicts]) => verdicts),
      ['Ratios are of the CPU time of server and PostgreSQL together.'],
    ),
    table: costsTable(rounds),
    bars: [],
  }
}

export const growthOfUsers: Scenario = {
  name: 'users',
  title: 'Growth: the same work with more users, 20 contacts each',
  async run(bench: Bench) {
    const sizes = bench.full ? [1_000, 100_000, 1_000_000] : [1_000, 100_000]
    const nameOf = (users: number) => `${users.toLocaleString('en')} users`
    const systems: [number, Switchboard][] = []
    for (const users of sizes)
      systems.push([users, bench.owns(await startSwitchboard({ users, contacts: contactsOfEach }))])
    const parts: [string, Measured[], Verdict[]][] = []
    for (const [operation, workOf] of Object.entries(operations)) {
      const contestants: Contestant[] = []
      for (const [users, system] of systems)
        contestants.push({ name: nameOf(users), system, work: await workOf(system, users, bench) })
      const measured = await measureRounds(bench.load, contestants, bench.effort)
      const [least = 0, ...larger] = sizes
      const verdicts = larger.flatMap(users =>
        verdictsOf(
          measured,
          `${operation}, ${nameOf(users)}`,
          nameOf(users),
          { [nameOf(least)]: flat },
          ofAll,
        ),
      )
      parts.push([operation, measured, verdicts])
    }
    for (const [, system] of systems) await system.stop()
    return joined(this, parts)
  },
}

export const growthOfConnections: Scenario = {
  name: 'connections',
  title: 'Growth: the same work with more idle connections beside it',
  async run(bench: Bench) {
    const sizes = bench.full ? [1_000, 19_000] : [1_000, 5_000]
    const nameOf = (count: number) => `${count.toLocaleString('en')} connections`
    const loads = []
    const systems: [number, Switchboard][] = []
    try {
      for (const count of sizes) {
        const system = bench.owns(await startSwitchboard({ users: 20_000 }))
        const load = startLoad()
        loads.push(load)
        const target = await targetOf(system, 2 * pairs + count)
        await load.open('idle', {
          kind: 'idle',
          target: { ...target, accounts: target.accounts.slice(2 * pairs) },
        })
        systems.push([count, system])
      }
      const parts: [string, Measured[], Verdict[]][] = []
      for (const operation of ['relay', 'calls'] as const) {
        const contestants: Contestant[] = []
        for (const [count, system] of systems) {
          const work = await operations[operation](system)
          const { accounts } = await targetOf(system, 2 * pairs + count)
          const target = { ...work.target, accounts: accounts.slice(0, 2 * pairs) }
          contestants.push({ name: nameOf(count), system, work: { ...work, target } as Work })
        }
        const measured = await measureRounds(bench.load, contestants, bench.effort)
        const [least = 0, most = 0] = sizes
        parts.push([
          operation,
          measured,
          verdictsOf(
            measured,
            `${operation}, ${nameOf(most)}`,
            nameOf(most),
            { [nameOf(least)]: flat },
            ofAll,
          ),
        ])
      }
      return joined(this, parts)
    } finally {
      await Promise.all(loads.map(load => load.stop()))
      for (const [, system] of systems) await system.stop()
    }
  },
}
