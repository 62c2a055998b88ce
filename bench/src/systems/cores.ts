import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Servers run on the first core, the load on the second, so that neither takes the other's time. */
export const cores = { server: 0, load: 1 } as const

const canPin = (() => {
  if (availableParallelism() < 2) return false
  try {
    execFileSync('taskset', ['-c', `${cores.server},${cores.load}`, 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** Stands before a command and keeps it to a core; nothing where that cannot be done. */
export const onCore = (core: number): string[] => (canPin ? ['taskset', '-c', String(core)] : [])

export const pinning = canPin
  ? 'servers pinned to one core, the load to another'
  : 'nothing pinned to a core: this machine cannot'
