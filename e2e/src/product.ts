import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { request } from './rest-client.js'

/** The repository, from `e2e/src` and from `e2e/dist` alike. */
export const root = fileURLToPath(new URL('../../', import.meta.url))
const mainFile = join(root, 'packages', 'server', 'dist', 'main.js')

export type Env = Readonly<Record<string, string>>

export interface ProductOptions {
  readonly env?: Env
  /** A directory to work in, `data` and `keys` in it; without one a temporary one that `dispose` removes. */
  readonly dir?: string
  /** A command that becomes the server, like `prlimit --nofile=512`. */
  readonly through?: readonly string[]
  /** Options of Node itself. */
  readonly node?: readonly string[]
  /** A file that takes its output; without one the output is kept in memory. */
  readonly logFile?: string
}

/** The product as its user runs it: a process, its two addresses, its log. */
export interface Product {
  readonly api: string
  readonly signal: string
  /** Where the operator looks. */
  readonly admin: string
  readonly pid: number
  readonly dir: string
  readonly readyInMs: number
  /** Everything that any run of it printed. */
  logs(): string
  /** SIGTERM; resolves with how long it took, rejects unless it exits with 0. */
  stop(): Promise<number>
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>
  /** Starts it again, on the same directories and ports; another version of it where its `main.js` is given. */
  start(env?: Env, main?: string): Promise<void>
  /** Ends it by whatever it takes and removes what it left. */
  dispose(): Promise<void>
}

const readyWithinMs = 30_000
const exitWithinMs = 30_000

interface Addresses {
  readonly api: string
  readonly signal: string
  readonly admin: string
}

/** The ready line: JSON that names the addresses. */
function addressesIn(output: string): Addresses | undefined {
  for (const line of output.split('\n')) {
    if (!line.startsWith('{')) continue
    try {
      const { api, signal, admin = '' } = JSON.parse(line) as Record<string, unknown>
      if (typeof api === 'string' && typeof signal === 'string') return { api, signal, admin: `${admin}` }
    } catch {
      // a line still being written
    }
  }
  return undefined
}

async function ready(child: ChildProcess, output: () => string): Promise<Addresses> {
  const deadline = Date.now() + readyWithinMs
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break
    const addresses = addressesIn(output())
    const health = addresses && (await request(addresses.api, 'GET', '/health/ready').catch(() => undefined))
    if (addresses && health?.status === 200) return addresses
    await sleep(15)
  }
  throw new Error(`the server did not get ready (exit code ${child.exitCode}):\n${output()}`)
}

/** Ends a database that outlived a killed server, by the pid it wrote down. */
async function endOrphans(dir: string): Promise<void> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries.filter(each => each.name === 'postmaster.pid')) {
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8').catch(() => '')
    const pid = Number(text.split('\n')[0])
    try {
      if (pid > 1) process.kill(pid, 'SIGQUIT')
    } catch {
      // gone already
    }
  }
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'switchboard-e2e-')))
  await mkdir(dir, { recursive: true })
  let child: ChildProcess | undefined
  let addresses: Addresses | undefined
  let readyInMs = 0
  const printed: string[] = []
  const logs = () =>
    options.logFile === undefined
      ? printed.join('')
      : readFileSync(options.logFile, { flag: 'a+' }).toString()

  const start = async (env: Env = {}, main = mainFile) => {
    const since = performance.now()
    const from = logs().length
    const [command = '', ...args] = [
      ...(options.through ?? []),
      process.execPath,
      ...(options.node ?? []),
      main,
      'serve',
    ]
    const file = options.logFile === undefined ? undefined : openSync(options.logFile, 'a')
    const running = spawn(command, args, {
      cwd: dir,
      stdio: ['ignore', file ?? 'pipe', file ?? 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        HOST: '127.0.0.1',
        API_PORT: addresses ? new URL(addresses.api).port : '0',
        SIGNAL_PORT: addresses ? new URL(addresses.signal).port : '0',
        ADMIN_PORT: '0',
        DATA_DIR: join(dir, 'data'),
        TOKEN_KEY_FILE: join(dir, 'keys', 'tokenSecret.key'),
        RATE_LIMITS: 'off',
        ...options.env,
        ...env,
      },
    })
    child = running
    if (file !== undefined) closeSync(file)
    for (const stream of [running.stdout, running.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => printed.push(text))
    }
    addresses = await ready(running, () => logs().slice(from))
    readyInMs = performance.now() - since
  }

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(exitWithinMs) })
    child.kill(signal)
    await exited.catch(() => {
      throw new Error(`the server still ran ${exitWithinMs / 1000} s after ${signal}:\n${printed.join('')}`)
    })
    return child.exitCode
  }

  const stop = async () => {
    const since = performance.now()
    const code = await end('SIGTERM')
    if (code !== 0) throw new Error(`the server exited with ${code} on SIGTERM:\n${logs()}`)
    return performance.now() - since
  }

  let started = false
  const dispose = async () => {
    await end('SIGKILL').catch(() => undefined)
    if (started) await endOrphans(dir) // a start refused because another runs there must not harm that other
    if (!options.dir) await rm(dir, { recursive: true, force: true, maxRetries: 10 }).catch(() => undefined)
  }

  try {
    await start()
    started = true
  } catch (error) {
    await dispose()
    throw error
  }
  const at = () => {
    if (!addresses) throw new Error('not started')
    return addresses
  }
  return {
    get api() {
      return at().api
    },
    get signal() {
      return at().signal
    },
    get admin() {
      return at().admin
    },
    get pid() {
      return child?.pid ?? -1
    },
    get readyInMs() {
      return readyInMs
    },
    dir,
    logs,
    stop,
    kill: async () => void (await end('SIGKILL')),
    start,
    dispose,
  }
}
