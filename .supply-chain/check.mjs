import process from 'node:process'
import { licenceFaults } from './licences.mjs'
import { lockFaults, readLock } from './lock-file.mjs'
import { productionTree, root } from './production-tree.mjs'

const packages = readLock(root)
const production = productionTree()
const faults = [...lockFaults(packages), ...licenceFaults(production)]
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.stdout.write(
  `supply chain: ${Object.keys(packages).length} locked, ${production.length} in production, ${faults.length} wrong\n`,
)
process.exitCode = faults.length === 0 ? 0 : 1
