#!/usr/bin/env node
// The only file that touches the environment, signals and the terminal.
import { readFileSync } from 'node:fs'
import { askSecret } from './cli/ask-secret.js'
import { run } from './cli/run.js'
import type { World } from './cli/world.js'

const { stdout, stderr, env } = process

// `switchboard user list | head`: the reader has what it wanted.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
}

// SIGBREAK is Ctrl-Break, SIGHUP the closing of the window; both on Windows alone. Elsewhere nohup must go on working.
const stopSignals = [
  'SIGTERM',
  'SIGINT',
  ...(process.platform === 'win32' ? ['SIGBREAK', 'SIGHUP'] : []),
] as NodeJS.Signals[]

const isTerminal = stdout.isTTY === true

const world: World = {
  env,
  readFile: path => readFileSync(path, 'utf8'),
  terminal: {
    out: line => void stdout.write(`${line}\n`),
    err: line => void stderr.write(`${line}\n`),
    isTerminal,
    colour: isTerminal && !env.NO_COLOR && env.TERM !== 'dumb',
  },
  askSecret: question => askSecret(question, process.stdin, stderr),
  process: {
    onStop(listener) {
      for (const signal of stopSignals) process.on(signal, listener)
      // As PM2 says it with `shutdown_with_message`, and where there are no signals.
      process.on('message', message => message === 'shutdown' && listener('shutdown'))
    },
    tell(message) {
      // Who started us may be gone by then: no reason to follow.
      if (process.connected) process.send?.(message, undefined, undefined, () => {})
    },
    onFault: listener => void process.on('uncaughtException', listener), // unhandled rejections come here too
    exit: code => process.exit(code),
  },
}

const code = await run(process.argv.slice(2), world)
// Not process.exitCode: a library's forgotten timer must not hold the process. The callback: all is written.
stderr.write('', () => stdout.write('', () => process.exit(code)))
