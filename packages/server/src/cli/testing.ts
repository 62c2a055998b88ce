import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const command = ['--import', import.meta.resolve('tsx'), '--conditions=source', main]

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves with the first line of standard output. */
  readonly firstLine: Promise<string>
}

/** A working directory of its own, and the command line in it. */
export async function workplace() {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-cli-'))
  const running = new Map<ChildProcess, Promise<Ended>>()

  function start(args: readonly string[], env: Record<string, string> = {}): Running {
    const { PATH = '', HOME = '', SystemRoot } = process.env
    const child = spawn(process.execPath, [...command, ...args], {
      cwd: dir,
      env: { PATH, HOME, ...(SystemRoot && { SystemRoot }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    const firstLine = new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text
        if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')))
      })
      child.once('close', () => reject(new Error(`it ended without a line: ${err}`)))
    })
    firstLine.catch(() => {})
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    const ended = once(child, 'close').then(([code]) => {
      running.delete(child)
      return { code: code as number | null, out, err }
    })
    running.set(child, ended)
    return { child, ended, firstLine }
  }

  return {
    dir,
    start,
    run: (args: readonly string[], env?: Record<string, string>) => start(args, env).ended,
    async dispose() {
      for (const child of running.keys()) child.kill('SIGTERM') // gently: it takes its PostgreSQL along
      await Promise.all(running.values())
      await rm(dir, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}
