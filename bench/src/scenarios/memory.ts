import { setTimeout as wait } from 'node:timers/promises'
import { startLoad } from '../load-host.js'
import { residentKiB } from '../measure/costs.js'
import { summarise } from '../measure/statistics.js'
import { relays, startRelay } from '../systems/relays.js'
import { startSwitchboard } from '../systems/switchboard.js'
import type { System } from '../systems/system.js'
import { format } from './costs-table.js'
import type { Bench, Scenario } from './scenario.js'
import { targetOf } from './signaling.js'

/** Buffers and pages that every process comes to need are there after as many. */
const baseConnections = 500
const settleMs = 1_000

async function connectionKiB(system: System, counts: readonly number[]): Promise<number[]> {
  const load = startLoad()
  try {
    const accounts = (await targetOf(system, baseConnections + Math.max(...counts))).accounts
    const { dialect, ports } = system
    const open = (from: number, to: number) =>
      load.open(`${from}`, { kind: 'idle', target: { dialect, ports, accounts: accounts.slice(from, to) } })
    const resident = async () => {
      await wait(settleMs)
      await system.collect()
      await wait(settleMs)
      return residentKiB(system.processes.server)
    }
    await open(0, baseConnections)
    const base = await resident()
    const each = []
    let opened = baseConnections
    for (const count of counts) {
      await open(opened, baseConnections + count)
      opened = baseConnections + count
      each.push(((await resident()) - base) / count)
    }
    return each
  } finally {
    await load.stop()
  }
}

/** Memory does not vary as time does: one round. */
export const memory: Scenario = {
  name: 'M',
  title: 'Resident memory of an idle connection',
  async run(bench: Bench) {
    const counts = bench.full ? [1_000, 5_000, 10_000, 19_000] : [5_000, 10_000]
    const starts = [
      () => startSwitchboard({ users: 20_000, inspected: true }),
      ...Object.values(relays).map(kind => () => startRelay(kind, true)),
    ]
    const found: { name: string; each: number[] }[] = []
    for (const start of starts) {
      const system = bench.owns(await start())
      found.push({ name: system.name, each: await connectionKiB(system, counts) })
      await system.stop()
    }
    const [ours] = found
    return {
      name: 'M',
      title: this.title,
      table: {
        head: ['System', ...counts.map(count => `KiB each, of ${count}`)],
        rows: found.map(({ name, each }) => [name, ...each.map(format)]),
      },
      verdicts: counts.map((count, n) => ({
        what: `M, an idle connection of ${count}`,
        against: '',
        measured: summarise([ours?.each[n] ?? Number.NaN]),
        most: 9,
        unit: 'KiB' as const,
      })),
      notes: [
        `Resident memory of the server after garbage was collected, beyond that with ${baseConnections} connections. Each connection is another user's.`,
      ],
      bars: [],
      measured: [],
    }
  },
}
