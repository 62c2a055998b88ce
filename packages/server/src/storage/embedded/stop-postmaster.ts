import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { limits } from '../../limits.js'
import type { Cluster } from './cluster.js'
import type { Installation } from './installation.js'
import { isAlive, readPostmasterFile } from './postmaster-file.js'

/** Ends PostgreSQL: at first in order, after a while at once (then it replays its log at the next start). */
export async function stopPostmaster(installation: Installation, pid: number): Promise<void> {
  for (const [signal, mode] of [
    ['SIGINT', 'fast'],
    ['SIGQUIT', 'immediate'],
  ] as const) {
    if (process.platform === 'win32') await tellByPipe(installation, mode)
    else tellBySignal(pid, signal)
    if (await isGone(installation.cluster, pid)) return
  }
  throw new Error(`the embedded PostgreSQL (process ${pid}) does not end`)
}

function tellBySignal(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Windows has no signals. */
function tellByPipe({ cluster, native }: Installation, mode: string): Promise<void> {
  return new Promise(resolve => {
    const child = spawn(native.pgCtl, ['stop', '-W', '-D', cluster.data, '-m', mode], {
      stdio: 'ignore',
      windowsHide: true,
    })
    child.once('error', () => resolve()).once('exit', () => resolve())
  })
}

/** The last thing that PostgreSQL does is to remove its file. */
async function isGone(cluster: Cluster, pid: number): Promise<boolean> {
  const deadline = performance.now() + limits.postgresStopMs
  while (performance.now() < deadline) {
    const file = await readPostmasterFile(cluster)
    if (file?.pid !== pid || (await isAlive(file, cluster)) === false) return true
    await wait(limits.postgresPollMs)
  }
  return false
}
