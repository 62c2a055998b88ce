import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { Processes } from '../systems/system.js'

/** Milliseconds of CPU time, user and system, of all threads. */
export interface Costs {
  readonly server: number
  readonly database: number
  readonly bus: number
}

const msPerTick = 1_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

interface Times {
  readonly parent: number
  readonly own: number
  /** Of children that have ended and were waited for. */
  readonly ended: number
}

/** `/proc/PID/stat` (proc(5)); fields count from behind the name, which may hold anything. */
function timesOf(pid: number): Times | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15)
    return { parent: fields[1] ?? 0, own: user + system, ended: endedUser + endedSystem }
  } catch {
    return undefined
  }
}

/** The process and those it started, living or ended. */
function ofTree(root: number): number {
  const all = new Map<number, Times>()
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? timesOf(Number(name)) : undefined
    if (times) all.set(Number(name), times)
  }
  const isBelow = (pid: number): boolean => pid === root || (pid > 1 && isBelow(all.get(pid)?.parent ?? 0))
  let ticks = 0
  for (const [pid, { own, ended }] of all) if (isBelow(pid)) ticks += own + ended
  return ticks
}

const sum = (pids: readonly number[], of: (pid: number) => number) =>
  pids.reduce((total, pid) => total + of(pid), 0) * msPerTick

/** What the processes have used since they began. */
export function costsOf({ server, database, bus }: Processes): Costs {
  return {
    server: sum(server, pid => timesOf(pid)?.own ?? Number.NaN),
    database: sum(database, ofTree),
    bus: sum(bus, ofTree),
  }
}

export const costsSince = (before: Costs, now: Costs): Costs => ({
  server: now.server - before.server,
  database: now.database - before.database,
  bus: now.bus - before.bus,
})

/** Resident memory of the processes, in KiB. */
export const residentKiB = (pids: readonly number[]): number =>
  pids.reduce((total, pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return total + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])
  }, 0)
