import type { HttpWork } from '../load/orders.js'
import { type Contestant, measureRounds } from '../measure/rounds.js'
import { userIdOf } from '../seed/people.js'
import { startScript } from '../systems/script.js'
import { spread } from '../systems/switchboard.js'
import { costsResult, verdictsOf } from './costs-table.js'
import type { Bench, Scenario } from './scenario.js'
import { seededUsers } from './world.js'

const floorName = 'fastify and pg'
const lanes = 16
const people = 500

const restScenario = (name: string, path: string, title: string): Scenario => ({
  name,
  title,
  async run(bench: Bench) {
    const ours = await bench.switchboard()
    const floor = bench.owns(await startScript('floors/rest', { DATABASE_URL: ours.databaseUrl }))
    const get = (port: number, tokens: readonly string[]): HttpWork => ({
      port,
      method: 'GET',
      path,
      tokens,
      lanes,
      expect: 200,
    })
    const tokens = (await ours.accounts(people)).map(({ token }) => token)
    const contestants: Contestant[] = [
      { name: ours.name, system: ours, work: { kind: 'http', http: get(ours.api, tokens) } },
      {
        name: floorName,
        system: { processes: { ...ours.processes, server: [floor.pid] } },
        work: { kind: 'http', http: get(floor.port, spread(people, seededUsers).map(userIdOf)) },
      },
    ]
    const measured = await measureRounds(bench.load, contestants, bench.effort)
    await floor.stop()
    return costsResult(
      { name, title },
      measured,
      verdictsOf(measured, name, ours.name, { [floorName]: 1.4 }),
      ['The floor verifies nobody: it takes the user from the header and asks one prepared statement.'],
    )
  },
})

export const rest = [
  restScenario('get_user', '/get_user', `GET /get_user, ${lanes} connections`),
  restScenario('get_contacts', '/get_contacts', `GET /get_contacts with 20 contacts, ${lanes} connections`),
]
