import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { root } from '@switchboard/e2e/product'
import { chart } from './report/chart.js'
import { document, type Failed } from './report/document.js'
import { plain } from './report/text.js'
import { scenarios } from './scenarios/list.js'
import type { Result } from './scenarios/scenario.js'
import { openWorld } from './scenarios/world.js'

const usage = `npm run bench -- [scenario...] [--full] [--rounds n] [--seconds s] [--write]
scenarios: ${scenarios.map(({ name }) => name).join(' ')}
Without scenarios all run, and docs/performance.md is written.\n`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
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
const world = openWorld(effort, full)
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

const reports = join(root, 'reports')
await mkdir(reports, { recursive: true })
await writeFile(join(reports, 'bench.json'), `${JSON.stringify({ effort, results, failed }, undefined, 1)}\n`)
if (positionals.length === 0 || values.write) {
  const command = [
    'npm run bench',
    ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
  ].join(' ')
  const docs = join(root, 'docs')
  await writeFile(join(docs, 'img', 'performance.svg'), chart(results))
  await writeFile(
    join(docs, 'performance.md'),
    document({ command, effort, at: new Date(), results, failed }),
  )
}
process.exitCode = failed.length === 0 ? 0 : 1
