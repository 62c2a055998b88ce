import { createHash } from 'node:crypto'
import { lchown, lstat, mkdir, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { limits } from '../../limits.js'
import type { Account } from './account.js'
import type { Cluster } from './cluster.js'

/** Where PostgreSQL is to listen. */
export interface Address {
  readonly kind: 'socket' | 'loopback'
  /** The directory of the Unix socket, or the loopback address. */
  readonly host: string
  readonly port: number
}

/** A socket in a directory that is only ours; on Windows a free loopback port, guarded by the password alone. */
export async function listenAddress(cluster: Cluster, account: Account): Promise<Address> {
  if (process.platform === 'win32') return { kind: 'loopback', host: '127.0.0.1', port: await freePort() }
  const host = await socketDirectory(cluster)
  await mkdir(host, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await own(host, account)
  return { kind: 'socket', host, port: 5432 }
}

/** In the cluster, unless that makes a path that is too long for a socket. */
async function socketDirectory(cluster: Cluster): Promise<string> {
  const inside = join(cluster.root, 'run')
  if (Buffer.byteLength(join(inside, '.s.PGSQL.5432')) < limits.socketPathBytes) return inside
  const { ino, birthtimeMs } = await stat(cluster.data)
  const name = createHash('sha256').update(`${cluster.data} ${ino} ${birthtimeMs}`).digest('hex').slice(0, 16)
  return join(tmpdir(), `switchboard-${name}`)
}

/** Somebody else may have made a directory of this name first in the common temporary directory. */
async function own(directory: string, { owner }: Account): Promise<void> {
  const found = await lstat(directory)
  const uid = owner?.uid ?? process.getuid?.()
  const mine = found.uid === uid || found.uid === process.getuid?.()
  if (!found.isDirectory() || !mine || (found.mode & 0o077) !== 0) {
    throw new Error(`${directory} must be a directory that nobody else may enter: remove it`)
  }
  if (owner && found.uid !== owner.uid) await lchown(directory, owner.uid, owner.gid)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
