import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { costsOf, costsSince } from '../measure/costs.js'
import { measureRounds } from '../measure/rounds.js'
import { median, pairedRatio } from '../measure/statistics.js'
import { startTwoNodes, type TwoNodes } from '../systems/nodes.js'
import { type Switchboard, startSwitchboard } from '../systems/switchboard.js'
import type { Bench, Scenario } from './scenario.js'
import { pairsAtOnce, shapes, targetOf } from './signaling.js'

/** A coefficient of `switchboard plan`, by its name there. */
interface Found {
  readonly name: string
  readonly value: number
  readonly unit: string
}

/** Backends say what they wrote when they have been idle for ten seconds. */
const statisticsMs = 11_000
const plannedUsers = 20_000
const plannedContacts = 30
const idleSockets = 2_000
const idleMs = 10_000
const beatMs = 1_000

async function asked<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}

const figure = (url: string, sql: string) =>
  asked(url, async client => Number((await client.query<{ figure: string }>(sql)).rows[0]?.figure))

const rowsWritten = (url: string) =>
  figure(
    url,
    `select sum(n_tup_ins + n_tup_upd) as figure from pg_stat_user_tables where relname in ('calls', 'call_events')`,
  )
const bytesOfCalls = (url: string) =>
  figure(url, `select pg_total_relation_size('calls') + pg_total_relation_size('call_events') as figure`)
const bytesOfAll = (url: string) => figure(url, 'select pg_database_size(current_database()) as figure')

/** Calls and their candidates at one node, and across two. */
async function calls(bench: Bench, one: Switchboard, two: TwoNodes): Promise<Found[]> {
  const contestants = []
  for (const system of [one, two])
    contestants.push({
      name: system.name,
      system,
      work: shapes.C.work(await targetOf(system, 2 * pairsAtOnce)),
    })
  await wait(statisticsMs)
  const before = [
    await two.busMessages(),
    await rowsWritten(two.databaseUrl),
    await bytesOfCalls(two.databaseUrl),
  ]
  const placedBefore = await two.callsPlaced()
  const [here = [], across = []] = (await measureRounds(bench.load, contestants, bench.effort)).map(
    ({ rounds }) => rounds,
  )
  await wait(statisticsMs)
  const placed = (await two.callsPlaced()) - placedBefore
  const after = [
    await two.busMessages(),
    await rowsWritten(two.databaseUrl),
    await bytesOfCalls(two.databaseUrl),
  ]
  const [messages = 0, rows = 0, bytes = 0] = after.map((value, n) => (value - (before[n] ?? 0)) / placed)
  const server = (rounds: typeof here) => rounds.map(({ cpu }) => cpu.server)
  return [
    { name: 'callCpu', value: median(server(here)) / 1_000, unit: 'ms' },
    { name: 'remoteFactor', value: pairedRatio(server(across), server(here)).median, unit: 'times' },
    { name: 'natsPerCall', value: messages, unit: 'messages' },
    { name: 'natsCpu', value: median(across.map(({ cpu }) => cpu.bus)) / messages / 1_000, unit: 'ms' },
    { name: 'writesPerCall', value: rows, unit: 'rows' },
    { name: 'rowCpu', value: median(here.map(({ cpu }) => cpu.database)) / rows / 1_000, unit: 'ms' },
    { name: 'callBytes', value: bytes, unit: 'bytes' },
  ]
}

async function connects(bench: Bench, system: Switchboard): Promise<Found[]> {
  const work = shapes.K.work(await targetOf(system, shapes.K.accounts(bench)))
  const [measured] = await measureRounds(bench.load, [{ name: 'K', system, work }], bench.effort)
  const cpu = measured?.rounds.map(round => round.cpu.server) ?? []
  return [{ name: 'connectCpu', value: median(cpu) / 1_000, unit: 'ms' }]
}

async function reads(bench: Bench, system: Switchboard): Promise<Found[]> {
  const tokens = (await system.accounts(500)).map(({ token }) => token)
  const http = { port: system.api, method: 'GET', path: '/get_contacts', tokens, lanes: 16, expect: 200 }
  const [measured] = await measureRounds(
    bench.load,
    [{ name: 'REST', system, work: { kind: 'http', http } }],
    bench.effort,
  )
  const rounds = measured?.rounds ?? []
  return [
    { name: 'restCpu', value: median(rounds.map(({ cpu }) => cpu.server)) / 1_000, unit: 'ms' },
    { name: 'readCpu', value: median(rounds.map(({ cpu }) => cpu.database)) / 1_000, unit: 'ms' },
  ]
}

/** A ping a second each, against the same sockets with the pings that they have by default. */
async function heartbeats(bench: Bench): Promise<Found[]> {
  const cpuOf = async (seconds: number) => {
    const system = await startSwitchboard({
      users: plannedUsers,
      env: { HEARTBEAT_SECONDS: String(seconds) },
    })
    try {
      await bench.load.open('idle', { kind: 'idle', target: await targetOf(system, idleSockets) })
      await wait(beatMs)
      const before = costsOf(system.processes)
      await wait(idleMs)
      return costsSince(before, costsOf(system.processes)).server
    } finally {
      await bench.load.close('idle')
      await system.stop()
    }
  }
  const [each, seldom] = [await cpuOf(1), await cpuOf(1_000)]
  return [{ name: 'heartbeatCpu', value: (each - seldom) / (idleSockets * (idleMs / 1_000)), unit: 'ms' }]
}

async function bytesOfUsers(): Promise<Found[]> {
  const sizes = []
  for (const users of [1_000, plannedUsers]) {
    const system = await startSwitchboard({ users, contacts: plannedContacts })
    sizes.push(await bytesOfAll(system.databaseUrl))
    await system.stop()
  }
  const [few = 0, many = 0] = sizes
  return [{ name: 'userKib', value: (many - few) / 1_024 / (plannedUsers - 1_000), unit: 'KiB' }]
}

/** What `switchboard plan` multiplies with, as far as it is a matter of this server. */
export const plan: Scenario = {
  name: 'plan',
  title: 'What the plan multiplies with (packages/server/src/cli/plan/coefficients.ts)',
  async run(bench: Bench) {
    const one = await bench.switchboard()
    const two = bench.owns(await startTwoNodes(1_000))
    const found = await calls(bench, one, two)
    await two.stop()
    found.push(...(await connects(bench, one)), ...(await reads(bench, one)))
    found.push(...(await heartbeats(bench)), ...(await bytesOfUsers()))
    return {
      name: this.name,
      title: this.title,
      table: {
        head: ['Coefficient', 'Value', 'Unit'],
        rows: found.map(({ name, value, unit }) => [name, String(Number(value.toPrecision(2))), unit]),
      },
      verdicts: [],
      notes: [`userKib: a user with a login and ${plannedContacts} contacts.`],
      bars: [],
      measured: [],
    }
  },
}
