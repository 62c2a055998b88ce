import type { Latency, Work } from '../load/orders.js'
import type { LoadHost } from '../load-host.js'
import type { System } from '../systems/system.js'
import { type Costs, costsOf, costsSince } from './costs.js'

/** One system's part in a comparison. */
export interface Contestant {
  readonly name: string
  readonly system: Pick<System, 'processes'>
  readonly work: Work
}

/** One round of one system, its CPU time in microseconds an operation. */
export interface Round {
  readonly operations: number
  readonly perSecond: number
  readonly cpu: Costs
  readonly loadShare: number
  readonly latencies: Readonly<Record<string, Latency>>
}

export interface Effort {
  readonly rounds: number
  readonly ms: number
}

export interface Measured {
  readonly name: string
  readonly rounds: readonly Round[]
}

const each = ({ server, database, bus }: Costs, operations: number): Costs => ({
  server: (server * 1_000) / operations,
  database: (database * 1_000) / operations,
  bus: (bus * 1_000) / operations,
})

async function measureRound(load: LoadHost, { name, system }: Contestant, ms: number): Promise<Round> {
  const before = costsOf(system.processes)
  const { operations, elapsedMs, loadShare, latencies } = await load.run(name, ms)
  const costs = costsSince(before, costsOf(system.processes))
  const perSecond = (operations * 1_000) / elapsedMs
  return { operations, perSecond, cpu: each(costs, operations), loadShare, latencies }
}

const warmCpuMs = 1_200
/** At most. */
export const warmRuns = 5

/** Until compilers and caches are warm: counted by what the server could work, for others may hold its core. */
async function warm(load: LoadHost, { name, system }: Contestant, ms: number): Promise<void> {
  const before = costsOf(system.processes)
  for (let run = 0; run < warmRuns; run++) {
    await load.run(name, ms)
    if (costsSince(before, costsOf(system.processes)).server >= warmCpuMs) return
  }
}

/** All take their turn in every round, each round another one first: what the machine suffers, all suffer. */
export async function measureRounds(
  load: LoadHost,
  contestants: readonly Contestant[],
  { rounds, ms }: Effort,
): Promise<Measured[]> {
  const measured = contestants.map(({ name }) => ({ name, rounds: [] as Round[] }))
  try {
    for (const contestant of contestants) {
      const { name, work } = contestant
      await load.open(name, work)
      await warm(load, contestant, ms)
    }
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < contestants.length; turn++) {
        const index = (round + turn) % contestants.length
        const contestant = contestants[index]
        if (contestant) measured[index]?.rounds.push(await measureRound(load, contestant, ms))
      }
    }
  } finally {
    for (const { name } of contestants) await load.close(name).catch(() => undefined)
  }
  return measured
}
