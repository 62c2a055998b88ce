import { setTimeout as wait } from 'node:timers/promises'
import { residentKiB } from '../measure/costs.js'
import { summarise } from '../measure/statistics.js'
import { startSwitchboard } from '../systems/switchboard.js'
import { withSpread } from './costs-table.js'
import type { Bench, Scenario } from './scenario.js'

const settleMs = 3_000

export const start: Scenario = {
  name: 'start',
  title: 'From start to ready, warm, with the embedded database; memory when idle',
  async run(bench: Bench) {
    const system = bench.owns(await startSwitchboard({ users: 1_000 }))
    const ready: number[] = []
    const resident: number[] = []
    for (let round = 0; round < bench.effort.rounds; round++) {
      ready.push(await system.restart())
      await wait(settleMs)
      resident.push(residentKiB(system.processes.server) / 1_024)
    }
    await system.stop()
    const [readyMs, mib] = [summarise(ready), summarise(resident)]
    return {
      name: this.name,
      title: this.title,
      table: {
        head: ['System', 'ready after ms', 'resident MiB of the node process'],
        rows: [[system.name, withSpread(readyMs), withSpread(mib)]],
      },
      verdicts: [
        { what: 'start to ready', against: '', measured: readyMs, most: 1_500, unit: 'ms' },
        { what: 'resident when idle', against: '', measured: mib, most: 90, unit: 'MiB' },
      ],
      notes: [
        `The memory ${settleMs / 1_000} s after the start. The time is elapsed time, so others on the machine are in it.`,
      ],
      bars: [],
      measured: [],
    }
  },
}
