// Holds the arrows of the architecture: node .dependency-cruiser/check.mjs [directory] [least number of modules]
import { existsSync } from 'node:fs'
import swc from '@swc/core'
import { cruise } from 'dependency-cruiser'
import { forbidden } from './arrows.mjs'

const [directory = '.', floor = '250'] = process.argv.slice(2)
process.chdir(directory)

// dependency-cruiser has swc read everything as TypeScript without elements.
const { parseFileSync } = swc
swc.parseFileSync = (name, how) => parseFileSync.call(swc, name, { ...how, tsx: name.endsWith('.tsx') })

const options = {
  ruleSet: { forbidden },
  validate: true,
  // Of TypeScript 7 dependency-cruiser can use no parser: by itself it would check nothing, and be content.
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '(^|/)(dist|coverage)/' },
}
const resolving = {
  conditionNames: ['source', 'import', 'node', 'default'],
  exportsFields: ['exports'],
  extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
  extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
}

const roots = ['packages', 'e2e', 'bench'].filter(root => existsSync(root))
const { modules, summary } = (await cruise(roots, options, resolving)).output
const ours = modules.filter(({ source }) => /^(packages|e2e|bench)\//.test(source))
const arrows = ours.flatMap(({ dependencies }) => dependencies).length

const faults = summary.violations.map(({ rule, from, to, comment }) => {
  const advice = comment ?? forbidden.find(({ name }) => name === rule.name)?.comment
  return `${rule.name}: ${from} -> ${to}\n    ${advice}`
})
if (ours.length < Number(floor))
  faults.push(`only ${ours.length} modules were looked at: the check itself is broken`)

for (const fault of faults) process.stderr.write(`✗ ${fault}\n`)
process.stdout.write(`arrows: ${ours.length} modules, ${arrows} imports, ${faults.length} wrong\n`)
process.exitCode = faults.length === 0 ? 0 : 1
