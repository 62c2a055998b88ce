import { readFile, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startLoad } from './load-host.js'
import { type Effort, measureRounds } from './measure/rounds.js'
import { summarise } from './measure/statistics.js'
import { format } from './scenarios/costs-table.js'
import { pairsAtOnce, shapes, targetOf } from './scenarios/signaling.js'
import { relays, startRelay } from './systems/relays.js'
import { startSwitchboard } from './systems/switchboard.js'
import type { System } from './systems/system.js'

// A short comparison with the floor, for whoever changes the hot path: CPU time of the server process alone, both in
// turns. Of each its cheapest round counts, for what others do to a round only ever adds to it. Fails where the ratio is
// worse than the committed one by more than what it varies by itself.

const file = fileURLToPath(new URL('../committed.json', import.meta.url))
const effort: Effort = { rounds: 6, ms: 800 }
const checked = ['R8', 'C'] as const
type Checked = (typeof checked)[number]

interface Committed {
  /** Our CPU time to the floor's. */
  readonly ratio: number
  /** How far above it a repetition came that changed nothing, as a share of it. */
  readonly noise: number
}

const { values } = parseArgs({
  options: { repeat: { type: 'string', default: '1' }, commit: { type: 'boolean', default: false } },
})
const repetitions = Number(values.repeat)

/** Everything started anew, as it is for who runs the check once. */
async function measureOnce(): Promise<Record<Checked, number>> {
  const load = startLoad()
  const systems: System[] = []
  try {
    systems.push(await startSwitchboard({ users: 1_000 }), await startRelay(relays.floor))
    const found: Partial<Record<Checked, number>> = {}
    for (const name of checked) {
      const contestants = []
      for (const system of systems) {
        const work = shapes[name].work(await targetOf(system, 2 * pairsAtOnce))
        contestants.push({ name: system.name, system, work })
      }
      const [ours, floor] = (await measureRounds(load, contestants, effort)).map(({ rounds }) =>
        rounds.map(({ cpu }) => cpu.server),
      )
      found[name] = Math.min(...(ours ?? [])) / Math.min(...(floor ?? []))
    }
    return found as Record<Checked, number>
  } finally {
    await load.stop()
    for (const system of systems) await system.stop()
  }
}

const ratios: Record<Checked, number[]> = { R8: [], C: [] }
for (let n = 0; n < repetitions; n++) {
  const found = await measureOnce()
  for (const name of checked) ratios[name].push(found[name])
  if (repetitions > 1)
    process.stdout.write(`${n + 1}: ${checked.map(name => `${name} ${format(found[name])}`).join(', ')}\n`)
}

if (values.commit) {
  const committed = Object.fromEntries(
    checked.map(name => {
      const { median, least, most } = summarise(ratios[name])
      process.stdout.write(`${name}: ${format(median)} (${format(least)} to ${format(most)})\n`)
      return [name, { ratio: round(median), noise: round(most / median - 1) } satisfies Committed]
    }),
  )
  await writeFile(file, `${JSON.stringify({ repetitions, ...committed }, undefined, 2)}\n`)
} else {
  const committed = JSON.parse(await readFile(file, 'utf8')) as Record<Checked, Committed>
  for (const name of checked) {
    const { ratio, noise } = committed[name]
    const most = ratio * (1 + noise)
    const measured = summarise(ratios[name]).median
    const isWorse = measured > most
    process.stdout.write(
      `${isWorse ? '✗' : '✓'} ${name}: ${format(measured)} times the floor; committed ${format(ratio)}, with noise at most ${format(most)}\n`,
    )
    if (isWorse) process.exitCode = 1
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
