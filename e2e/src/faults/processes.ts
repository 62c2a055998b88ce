import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Product } from '../product.js'
import { FaultFailed } from './scenario.js'

/** The embedded PostgreSQL's first process, once it is ready. */
export async function postmasterOf(product: Product): Promise<number> {
  let pid: number | undefined
  const isReady = async () => {
    pid = await readyPostmaster(product)
    return pid !== undefined
  }
  await until('PostgreSQL to be ready', isReady, 30_000, 5)
  return pid ?? -1
}

/** Undefined while it starts, or is gone: one that finds others still going writes its file and takes it back. */
export async function readyPostmaster({ dir }: Product): Promise<number | undefined> {
  const file = join(dir, 'data', 'postgres', 'data', 'postmaster.pid')
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').map(line => line.trim())
  return lines[7] === 'ready' ? Number(lines[0]) : undefined
}

/** The processes that this one has started and that live. */
async function childrenOf(pid: number): Promise<number[]> {
  const children: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    // The name of the program stands in parentheses and may hold anything.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(parent) === pid && state !== 'Z') children.push(Number(name))
  }
  return children
}

/** What a backend does, as PostgreSQL writes it into its title. */
const titleOf = async (pid: number) =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim()

/** The backends that serve clients. */
export async function backendsOf(postmaster: number): Promise<number[]> {
  const children = await childrenOf(postmaster)
  const titles = await Promise.all(children.map(titleOf))
  return children.filter((_, index) =>
    /^postgres: switchboard|^postgres: postgres \w+/.test(titles[index] ?? ''),
  )
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Whether it runs; a child that ended is still there until it was waited for. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Stops a process and its children where they stand; the function returned lets them go on. */
export async function freeze(pid: number): Promise<() => void> {
  const pids = [pid, ...(await childrenOf(pid))]
  for (const each of pids) signal(each, 'SIGSTOP')
  return () => {
    for (const each of pids) signal(each, 'SIGCONT')
  }
}

/** Resident memory in MiB. */
export async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024
}

export const descriptorsOf = async (pid: number) => (await readdir(`/proc/${pid}/fd`)).length

/** Looks again and again until it holds; how long that took, in milliseconds. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs: number,
  everyMs = 20,
): Promise<number> {
  const since = performance.now()
  while (!(await holds())) {
    if (performance.now() - since > withinMs) {
      throw new FaultFailed(`${what}: not within ${withinMs / 1000} s`)
    }
    await sleep(everyMs)
  }
  return performance.now() - since
}
