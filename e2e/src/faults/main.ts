import { scenarios } from './list.js'
import { runAll, sizeOf } from './scenario.js'

// `node e2e/dist/faults/main.js [--quick] [F1 …]`: faults done to the product, one after the other.
const args = process.argv.slice(2)
const names = args.filter(arg => !arg.startsWith('-')).map(name => name.toUpperCase())
const unknown = names.filter(name => !scenarios.some(({ id }) => id === name))
if (unknown.length > 0) {
  const known = scenarios.map(({ id, title }) => `  ${id.padEnd(4)} ${title}\n`).join('')
  process.stderr.write(`unknown: ${unknown.join(', ')}; there are\n${known}`)
  process.exit(2)
}
const chosen = names.length === 0 ? scenarios : scenarios.filter(({ id }) => names.includes(id))
process.exit((await runAll(chosen, sizeOf(args))) ? 0 : 1)
