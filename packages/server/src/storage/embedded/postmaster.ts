import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { limits } from '../../limits.js'
import { type Account, asAccount } from './account.js'
import type { Address } from './address.js'
import type { Cluster } from './cluster.js'
import type { Installation } from './installation.js'
import { environment } from './native.js'
import { readPostmasterFile } from './postmaster-file.js'

/** Modest: a laptop or a small server runs other things too. */
const settings: Readonly<Record<string, string>> = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '32MB',
  max_connections: '50',
  max_wal_size: '256MB',
  io_method: 'sync',
  max_logical_replication_workers: '0',
  max_parallel_workers_per_gather: '0',
  unix_socket_permissions: '0700',
  // A failed statement and the values that broke a constraint are personal data: errors stay out of the file.
  log_min_messages: 'log',
  log_checkpoints: 'off',
}

/** PostgreSQL ended before it was ready; the message is its own last word. */
export class PostmasterFailed extends Error {
  override readonly name = 'PostmasterFailed'
}

/** Starts PostgreSQL and waits until it is ready. It outlives us if we are killed: the next start finds it. */
export async function startPostmaster(
  { cluster, native, account }: Installation,
  address: Address,
  overrides: Readonly<Record<string, string>> = {},
): Promise<void> {
  const [tcp, socket] = address.kind === 'socket' ? ['', address.host] : [address.host, '']
  const all = {
    ...settings,
    listen_addresses: tcp,
    unix_socket_directories: socket,
    port: String(address.port),
    ...overrides,
  }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = await openLog(cluster, account)
  try {
    const { size } = await log.stat()
    const launch =
      process.platform === 'win32'
        ? // An administrator may not run postgres.exe itself: pg_ctl gives those rights away first.
          asAccount(account, native.pgCtl, ['start', '-W', '-D', cluster.data, '-o', flags.join(' ')])
        : asAccount(account, native.postgres, ['-D', cluster.data, ...flags])
    const child = spawn(launch.command, launch.args, {
      ...launch.options,
      cwd: cluster.root,
      env: environment(),
      // A process group of its own: Ctrl-C in the terminal is for us, and we end it in order.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    const failure = await readiness(cluster, child)
    if (failure !== undefined) throw new PostmasterFailed((await lastWord(log, size)) ?? failure)
  } finally {
    await log.close()
  }
}

/** Undefined when it is ready, else why not. */
async function readiness(cluster: Cluster, child: ChildProcess): Promise<string | undefined> {
  child.unref()
  let failure: string | undefined
  child.once('error', error => {
    failure = error.message
  })
  child.once('exit', (code, signal) => {
    if (code !== 0 || process.platform !== 'win32') failure = `it ended with ${signal ?? code}`
  })
  const deadline = performance.now() + limits.postgresStartMs
  while (failure === undefined) {
    const file = await readPostmasterFile(cluster)
    if (file?.ready && (file.pid === child.pid || process.platform === 'win32')) return undefined
    if (performance.now() > deadline) return `it is not ready after ${limits.postgresStartMs / 1000} s`
    await wait(limits.postgresPollMs)
  }
  return failure
}

/** Few lines a start; the account that owns the directory must not turn it into a link to a file of root's. */
async function openLog(cluster: Cluster, { owner }: Account): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW = 0 } = constants
  const log = await open(cluster.log, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600)
  if (owner) await log.chown(owner.uid, owner.gid)
  if ((await log.stat()).size > limits.postgresLogBytes) await log.truncate()
  return log
}

async function lastWord(log: FileHandle, from: number): Promise<string | undefined> {
  const buffer = Buffer.alloc(16_384)
  const { bytesRead } = await log.read(buffer, 0, buffer.length, from)
  const said = buffer.toString('utf8', 0, bytesRead)
  return /(?:FATAL|PANIC|error while loading[^:]*):\s*(.*)/.exec(said)?.[1]
}
