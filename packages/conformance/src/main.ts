#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { help } from './cli/help.js'
import { readOptions, Usage } from './cli/options.js'
import { chosen, runKit } from './cli/run.js'
import { listCases } from './report/json.js'
import { colours, plain } from './report/terminal.js'
import { Unreachable } from './run/probe.js'

const isColourful = process.stdout.isTTY && !process.env.NO_COLOR
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())
const wipe = '\r\u001b[K'
let isWiped = true
const say = (stream: NodeJS.WriteStream) => (text: string) => {
  if (!isWiped) process.stderr.write(wipe)
  isWiped = true
  stream.write(text)
}
const terminal = {
  interrupted: interruption.signal,
  paint: isColourful ? colours : plain,
  out: say(process.stdout),
  err: say(process.stderr),
  progress(text: string) {
    if (!process.stderr.isTTY) return
    process.stderr.write(`${wipe}${text}`)
    isWiped = false
  },
}

const version = () => {
  const file = new URL('../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

async function main(): Promise<number> {
  const wish = readOptions(process.argv.slice(2))
  if (wish.kind === 'run') return runKit(wish.options, terminal)
  const texts = { help: () => help, version: () => `${version()}\n` }
  terminal.out(wish.kind === 'list' ? listCases(chosen(wish.only)) : texts[wish.kind]())
  return 0
}

try {
  process.exitCode = await main()
  if (interruption.signal.aborted) process.exit() // cases in mid-sentence would go on
} catch (error) {
  if (!(error instanceof Usage || error instanceof Unreachable)) throw error
  terminal.err(
    `${error.message}\n${error instanceof Usage ? 'switchboard-conformance --help tells how.\n' : ''}`,
  )
  process.exitCode = 2
}
