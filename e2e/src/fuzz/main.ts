import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inspect, inspected } from '../faults/inspector.js'
import { startProduct } from '../product.js'
import type { Findings } from './findings.js'
import { faultsLogged, playRound, type RoundFigures } from './round.js'

const help = `npm run test:fuzz -- [--inputs 1000000] [--seed N] [--round N]

Sends mutated REST requests, WebSocket messages and frames at a server of its own, in rounds of ${20_000}.
Round n of a seed is always the same: --seed and --round go on where a run was stopped.
Faulty inputs are written to a directory that it names; one that is mended belongs into e2e/src/fuzz/cases.
`

const inputsOfRound = 20_000
/** Far enough apart that the batches of two rounds never share a seed. */
const seedsOfRound = 1_000

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    round: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
})
const print = (text: string) => void process.stdout.write(`${text}\n`)
const whole = (value: number) => Math.round(value).toLocaleString('en')

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function keep(findings: Findings, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  for (const { seed, fault, input } of findings.all) {
    const name = `${seed}-${fault.replaceAll(/\W+/g, '-').slice(0, 60)}.json`
    const kept = { was: fault, ...(Array.isArray(input) ? { steps: input } : { request: input }) }
    await writeFile(join(directory, name), JSON.stringify(kept, undefined, 2))
    print(`  FAULT: ${fault} (seed ${seed}): ${join(directory, name)}`)
  }
}

/** One reading tells little: flat is when the later fifths are no higher. */
function fifths(readings: readonly number[]): string[] {
  const size = Math.ceil(readings.length / 5)
  const parts = Array.from({ length: Math.ceil(readings.length / size) }, (_, n) =>
    readings.slice(n * size, (n + 1) * size),
  )
  return parts.map(part => `${whole(Math.min(...part))} to ${whole(Math.max(...part))} MiB`)
}

interface Played extends RoundFigures {
  /** After a full collection: what is resident beside it is garbage that did not pay yet, and what V8 keeps. */
  readonly inUseMiB: number
}

function summary(rounds: readonly Played[], faults: number): string {
  const sum = (pick: (round: RoundFigures) => number) => rounds.reduce((all, round) => all + pick(round), 0)
  const [inputs, ms] = [sum(round => round.inputs), sum(round => round.ms)]
  return [
    `${whole(inputs)} inputs in ${whole(ms / 1000)} s (${whole((inputs / ms) * 1000)} a second), ${faults} faults`,
    `by fifths of the run, least and most: in use ${fifths(rounds.map(each => each.inUseMiB)).join(', ')}`,
    `resident ${fifths(rounds.map(each => each.residentMiB)).join(', ')}`,
    `an honest call after each round: ${whole(Math.max(...rounds.map(round => round.honestMs)))} ms at most`,
  ].join('\n')
}

async function main(): Promise<number> {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e6) * 1_000 : Number(values.seed)
  const first = Number(values.round)
  const last = first + Math.ceil(Number(values.inputs) / inputsOfRound)
  const directory = join(tmpdir(), `switchboard-fuzz-${seed}`)
  print(`seed ${seed}, rounds ${first} to ${last - 1}`)
  const product = await startProduct({ node: inspected })
  const inspector = await inspect(product)
  const rounds: Played[] = []
  const tallies = new Map<string, number>()
  let faults = 0
  try {
    for (let round = first; round < last; round++) {
      const { findings, figures } = await playRound(product, seed + round * seedsOfRound, inputsOfRound)
      const inUseMiB = isAlive(product.pid) ? await inspector.inUse() : Number.NaN
      rounds.push({ ...figures, inUseMiB })
      faults += findings.all.length
      for (const [what, count] of findings.tallies) tallies.set(what, (tallies.get(what) ?? 0) + count)
      print(
        `round ${round}: ${whole(figures.inputs)} inputs, ${whole((figures.inputs / figures.ms) * 1000)} a second, ` +
          `${whole(inUseMiB)} MiB in use, ${whole(figures.residentMiB)} resident, honest call ${whole(figures.honestMs)} ms; go on with --seed ${seed} --round ${round + 1}`,
      )
      await keep(findings, directory)
      if (!isAlive(product.pid)) break
    }
    inspector.close() // a process that is looked into does not end
    const logged = faultsLogged(product.logs())
    for (const line of logged.slice(0, 10)) print(`  LOGGED: ${line}`)
    faults += logged.length
    if (isAlive(product.pid)) await product.stop()
  } finally {
    await product.dispose()
  }
  print(summary(rounds, faults))
  print([...tallies].map(([what, count]) => `${what} ${whole(count)}`).join(', '))
  return faults === 0 ? 0 : 1
}

if (values.help) print(help)
else process.exitCode = await main()
