// Runs the scripts of this folder one after the other: all of them, or those that are named.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { missingTool, say } from './tools.mjs'

/** In the order of their time. */
const scripts = ['asyncapi', 'postman', 'spectral', 'slow-clients', 'tls', 'wapiti', 'sqlmap']

const named = process.argv.slice(2)
const unknown = named.filter(name => !scripts.includes(name))
if (unknown.length > 0) {
  say(`no such script: ${unknown.join(', ')}; there are ${scripts.join(', ')}`)
  process.exit(2)
}

const run = name =>
  new Promise((resolve, reject) => {
    const file = fileURLToPath(new URL(`${name}.mjs`, import.meta.url))
    const child = spawn(process.execPath, [file], { stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', code => resolve(code))
  })

const outcomes = []
for (const name of named.length > 0 ? named : scripts) {
  say(`---- ${name}`)
  const code = await run(name)
  outcomes.push({ name, outcome: code === 0 ? 'passed' : code === missingTool ? 'NOT RUN' : 'FAILED' })
}
say('----')
for (const { name, outcome } of outcomes) say(`${outcome.padEnd(8)} ${name}`)
process.exitCode = outcomes.every(({ outcome }) => outcome === 'passed') ? 0 : 1
