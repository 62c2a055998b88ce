import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { root } from '@switchboard/e2e/product'
import { chart } from './report/chart.js'
import { document, type Failed, type Run } from './report/document.js'
import { machine } from './report/machine.js'
import { plain } from './report/text.js'
import { scenarios } from './scenarios/list.js'
import type { Result } from './scenarios/scenario.js'
import { openWorld } from './scenarios/world.js'

const usage = `npm run bench -- [scenario...] [--full] [--rounds n] [--seconds s] [--write] [--profile]
scenarios: ${scenarios.map(({ name }) => name).join(' ')}
Without scenarios all run, and docs/performance.md is written. --profile leaves a CPU profile of the server that the
scenarios share in reports/profile, for the performance panel of Chromium.\n`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
})
const unknown = positionals.filter(name => !scenarios.some(scenario => scenario.name === name))
const { full } = values
const effort = {
  rounds: Number(values.rounds ?? (full ? 9 : 5)),
  ms: 1_000 * Number(values.seconds ?? (full ? 2 : 1)),
}
if (values.help || unknown.length > 0 || !(effort.rounds >= 1) || !(effort.ms > 0)) {
  process.stdout.write(usage)
  process.exit(values.help ? 0 : 2)
}

const chosen =
  positionals.length === 0 ? scenarios : scenarios.filter(({ name }) => positionals.includes(name))
const reports = join(root, 'reports')
const world = openWorld(effort, full, values.profile ? join(reports, 'profile') : undefined)
const at = new Date()
const on = machine()
const results: Result[] = []
const failed: Failed[] = []
try {
  for (const scenario of chosen) {
    try {
      const result = await scenario.run(world)
      results.push(result)
      process.stdout.write(`${plain(result)}\n`)
    } catch (error) {
      // One that fails says so on the page; the others are measured all the same.
      const why = error instanceof Error ? error.message : String(error)
      failed.push({ name: scenario.name, why })
      process.stdout.write(`${scenario.name} failed: ${why}\n\n`)
      await world.renewLoad()
    }
  }
} finally {
  await world.stop()
}

await mkdir(reports, { recursive: true })
const command = ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
  ' ',
)
const run: Run = { command, effort, at, machine: on, results, failed }
await writeFile(join(reports, 'bench.json'), `${JSON.stringify(run, undefined, 1)}\n`)
if (positionals.length === 0 || values.write) {
  const docs = join(root, 'docs')
  await writeFile(join(docs, 'img', 'performance.svg'), chart(results))
  await writeFile(join(docs, 'performance.md'), document(run))
}
process.exitCode = failed.length === 0 ? 0 : 1
