import { readFile, readlink, rm } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import type { Address } from './address.js'
import type { Cluster } from './cluster.js'

/** What a running PostgreSQL says of itself in `postmaster.pid`. After a crash the file is still there. */
export interface PostmasterFile {
  readonly pid: number
  /** The data it runs on: another's, if the file was copied along with the data. */
  readonly data: string
  /** Where it listens: the directory of its socket, or a loopback address. */
  readonly host: string
  readonly port: number
  readonly ready: boolean
  readonly text: string
}

export const readPostmasterFile = (cluster: Cluster) => read(join(cluster.data, 'postmaster.pid'))

async function read(path: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const [pid, data = '', , port, socketDirectory, address, , status] = text
    .split('\n')
    .map(line => line.trim())
  return {
    pid: Number(pid),
    data: normalize(data),
    host: socketDirectory || address || '',
    port: Number(port),
    ready: status === 'ready',
    text,
  }
}

/**
 * Whether this process is a PostgreSQL on this data, undefined if one cannot tell. After a power cut the number may be
 * another program's, and a copy of the data brings the file of the original with it.
 */
export async function isPostmaster(pid: number, cluster: Cluster): Promise<boolean | undefined> {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (process.platform !== 'linux') return undefined
  // Both are empty for a dead process that nobody has waited for.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  return command.split('\0').includes(cluster.data) || directory === cluster.data
}

/**
 * Removes what a dead PostgreSQL left of itself, here and beside its socket. Normally the next one does so, but it takes
 * any process that has the number now for the dead one. The shared memory of the data guards it beside these files.
 * `judged` is the process that has shown itself dead where one cannot tell.
 */
export async function forgetDead(cluster: Cluster, address: Address, judged: number | undefined) {
  const socketLock = join(address.host, `.s.PGSQL.${address.port}.lock`)
  for (const path of [join(cluster.data, 'postmaster.pid'), socketLock]) {
    const known = await read(path)
    if (!known || ((await isPostmaster(known.pid, cluster)) ?? known.pid !== judged)) continue
    const current = await read(path)
    if (current?.text === known.text) await rm(path, { force: true })
  }
}
