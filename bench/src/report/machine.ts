import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import process from 'node:process'
import { pinning } from '../systems/cores.js'

const said = (command: string, ...args: string[]) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

const system = () => {
  try {
    return /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform
  } catch {
    return process.platform
  }
}

export interface Machine {
  readonly description: string
  readonly commit: string
}

/** What the figures were measured on. */
export function machine(): Machine {
  const all = cpus()
  const gib = (totalmem() / 2 ** 30).toFixed(0)
  const load = loadavg()[1]?.toFixed(1)
  return {
    description: `${all.length} cores of ${all[0]?.model ?? 'an unknown kind'}, ${gib} GiB, ${system()}, Linux ${release()}, Node ${process.version}; ${pinning}; load of the machine over the last 5 minutes at the start ${load}`,
    commit: said('git', 'rev-parse', '--short', 'HEAD') ?? 'unknown',
  }
}
