import { readFile, readlink, rm, stat } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { limits } from '../../limits.js'
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
  readonly writtenAt: number
  readonly text: string
}

export const readPostmasterFile = (cluster: Cluster) => read(join(cluster.data, 'postmaster.pid'))

async function read(path: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  const written = await stat(path).catch(() => undefined)
  if (text === undefined || !written) return undefined
  const [pid, data = '', , port, socketDirectory, address, , status] = text
    .split('\n')
    .map(line => line.trim())
  return {
    pid: Number(pid),
    data: normalize(data),
    host: socketDirectory || address || '',
    port: Number(port),
    ready: status === 'ready',
    writtenAt: written.mtimeMs,
    text,
  }
}

/**
 * Whether who wrote the file is a living PostgreSQL on this data, undefined if one cannot tell. After a power cut the
 * number may be another program's, and a copy of the data brings the file of the original with it.
 */
export async function isAlive(file: PostmasterFile, cluster: Cluster): Promise<boolean | undefined> {
  // The file is made, then written: an empty one is of a start this very moment, or of one that was killed in it.
  if (file.text === '') return Date.now() - file.writtenAt < limits.postgresSilentMs
  if (!(file.pid > 0)) return false
  try {
    process.kill(file.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (process.platform !== 'linux') return undefined
  // Both are empty for a dead process that nobody has waited for.
  const command = await readFile(`/proc/${file.pid}/cmdline`, 'utf8').catch(() => '')
  const directory = await readlink(`/proc/${file.pid}/cwd`).catch(() => '')
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
    if (!known || ((await isAlive(known, cluster)) ?? known.pid !== judged)) continue
    const current = await read(path)
    if (current?.text === known.text) await rm(path, { force: true })
  }
}
