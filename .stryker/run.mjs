import { spawnSync } from 'node:child_process'
import process from 'node:process'

/** The parts whose tests must notice a change: who rings whom, who gets in, who may how often. */
const parts = process.argv.length > 2 ? process.argv.slice(2) : ['exchange', 'sessions', 'throttles']

const failed = parts.filter(part => {
  // Properties with fewer runs: what they find late is not worth a minute a mutant.
  const env = { ...process.env, MUTATION_PART: part, RULES_RUNS: '60', FUZZ_RUNS: '100' }
  const stryker = ['stryker', 'run', '.stryker/config.mjs']
  return (
    spawnSync('npx', stryker, { stdio: 'inherit', env, shell: process.platform === 'win32' }).status !== 0
  )
})
process.exitCode = failed.length === 0 ? 0 : 1
