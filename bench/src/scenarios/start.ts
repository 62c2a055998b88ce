import { spawn } from 'node:child_process'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { residentKiB } from '../measure/costs.js'
import { summarise } from '../measure/statistics.js'
import { startSwitchboard } from '../systems/switchboard.js'
import { format, withSpread } from './costs-table.js'
import type { Bench, Scenario } from './scenario.js'

const settleMs = 3_000
/** V8 gives back what starting left behind when next to nothing was allocated for so long: it looks every 8 s or so. */
const idleMs = 60_000

/** What Node itself has resident: the floor. */
async function emptyNode(): Promise<number> {
  const node = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' })
  await wait(settleMs)
  const resident = residentKiB([node.pid ?? -1]) / 1_024
  node.kill()
  return resident
}

export const start: Scenario = {
  name: 'start',
  title: 'From start to ready, warm, with the embedded database; memory when idle',
  async run(bench: Bench) {
    const system = bench.owns(await startSwitchboard({ users: 1_000 }))
    const ready: number[] = []
    const settling: number[] = []
    const resident = () => residentKiB(system.processes.server) / 1_024
    for (let round = 0; round < bench.effort.rounds; round++) {
      ready.push(await system.restart())
      await wait(settleMs)
      settling.push(resident())
    }
    await wait(idleMs - settleMs)
    const idle = resident()
    await system.stop()
    const [readyMs, early, mib] = [summarise(ready), summarise(settling), summarise([idle])]
    return {
      name: this.name,
      title: this.title,
      table: {
        head: [
          'System',
          'ready after ms',
          `MiB after ${settleMs / 1_000} s`,
          `MiB after ${idleMs / 1_000} s`,
        ],
        rows: [
          [system.name, withSpread(readyMs), withSpread(early), format(idle)],
          ['an empty Node process', '', '', format(await emptyNode())],
        ],
      },
      verdicts: [
        { what: 'start to ready', against: '', measured: readyMs, most: 1_500, unit: 'ms' },
        { what: 'resident when idle', against: '', measured: mib, most: 90, unit: 'MiB' },
      ],
      notes: [
        `Resident memory of the node process, ${settleMs / 1_000} s after each start and, after the last, when nobody came for ${idleMs / 1_000} s: by then V8 has given back what starting left behind, its young generation above all. The time is elapsed time, so others on the machine are in it.`,
      ],
      bars: [],
      measured: [],
    }
  },
}
