import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { cores, onCore } from './cores.js'

export interface Script {
  readonly pid: number
  readonly port: number
  readonly output: () => string
  stop(): Promise<void>
}

/** Starts one of our own small servers on the servers' core; it prints its port when it is ready. */
export async function startScript(
  file: string,
  env: Readonly<Record<string, string>> = {},
  node: readonly string[] = [],
): Promise<Script> {
  const path = fileURLToPath(new URL(`../../dist/${file}.js`, import.meta.url))
  const [command = '', ...args] = [...onCore(cores.server), process.execPath, ...node, path]
  const child: ChildProcess = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
  })
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const exited = once(child, 'exit')
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${file} ended with ${code}: ${errors}`)))
    if (child.stdout) createInterface(child.stdout).once('line', line => resolve(Number(line)))
  })
  return {
    pid: child.pid ?? -1,
    port,
    output: () => errors,
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
