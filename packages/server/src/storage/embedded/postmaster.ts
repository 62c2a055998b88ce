import { execFile, spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { limits } from '../../limits.js'
import { type Account, asAccount } from './account.js'
import type { Address } from './address.js'
import type { Cluster } from './cluster.js'
import type { NativePrograms } from './native.js'
import { isPostmaster, readPostmasterFile } from './postmaster-file.js'

/** Modest: a laptop or a small server runs other things too. */
const settings: Record<string, string> = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '32MB',
  max_connections: '50',
  max_wal_size: '256MB',
  io_method: 'sync',
  max_logical_replication_workers: '0',
  max_parallel_workers_per_gather: '0',
  unix_socket_permissions: '0700',
  // Statements and the values that break a constraint are personal data: errors stay out of the file.
  log_min_messages: 'log',
  log_checkpoints: 'off',
}

/** PostgreSQL ended before it was ready; `message` is its own last word. */
export class PostmasterFailed extends Error {
  override readonly name = 'PostmasterFailed'
}

/** Starts PostgreSQL and waits until it is ready. It lives on when we die: the next start finds it. */
export async function startPostmaster(
  cluster: Cluster,
  native: NativePrograms,
  account: Account,
  address: Address,
  overrides: Record<string, string> = {},
): Promise<void> {
  const where =
    address.kind === 'socket'
      ? { listen_addresses: '', unix_socket_directories: address.host }
      : { listen_addresses: address.host, unix_socket_directories: '' }
  const all = { ...settings, ...where, port: String(address.port), ...overrides }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { command, args, options } = asAccount(account, native.postgres, ['-D', cluster.data, ...flags])

  const log = await open(cluster.log, 'a+', 0o600)
  try {
    const { size: before } = await log.stat()
    const child = spawn(command, args, {
      ...options,
      cwd: cluster.root,
      // A process group of its own: Ctrl-C in the terminal is for us, and we end it in order.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    child.unref()
    const ended = new Promise<string>(resolve => {
      child.once('error', error => resolve(error.message))
      child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? code}`))
    })
    let end: string | undefined
    void ended.then(how => {
      end = how
    })
    const deadline = performance.now() + limits.postgresStartMs
    while (end === undefined) {
      const file = await readPostmasterFile(cluster.data)
      if (file?.ready && file.pid === child.pid) return
      if (performance.now() > deadline) throw new PostmasterFailed('it was not ready in time')
      await wait(limits.postgresPollMs)
    }
    const said = Buffer.alloc(16_384)
    const { bytesRead } = await log.read(said, 0, said.length, before)
    throw new PostmasterFailed(lastWord(said.toString('utf8', 0, bytesRead)) ?? end)
  } finally {
    await log.close()
  }
}

const lastWord = (text: string) => /(?:FATAL|PANIC|error while loading).*?:\s*(.*)/.exec(text)?.[1]

/** Ends a running PostgreSQL: at first in order, after a while at once (it recovers at the next start). */
export async function stopPostmaster(cluster: Cluster, native: NativePrograms, pid: number): Promise<void> {
  await signal(cluster, native, pid, 'SIGINT', 'fast')
  if (await gone(cluster, pid, limits.postgresStopMs)) return
  await signal(cluster, native, pid, 'SIGQUIT', 'immediate')
  if (await gone(cluster, pid, limits.postgresStopMs)) return
  throw new Error(`the embedded PostgreSQL (process ${pid}) does not end`)
}

async function signal(
  cluster: Cluster,
  native: NativePrograms,
  pid: number,
  name: NodeJS.Signals,
  mode: string,
) {
  if (process.platform === 'win32') {
    // Windows has no signals; pg_ctl speaks to PostgreSQL by a pipe.
    await promisify(execFile)(native.pgCtl, ['stop', '-D', cluster.data, '-m', mode, '-W']).catch(() => {})
    return
  }
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The last thing PostgreSQL does is to remove its file. */
async function gone(cluster: Cluster, pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    const file = await readPostmasterFile(cluster.data)
    if (file?.pid !== pid || !(await isPostmaster(pid, cluster.data))) return true
    await wait(limits.postgresPollMs)
  }
  return false
}
