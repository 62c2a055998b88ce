import { readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster } from './cluster.js'

/** What a running PostgreSQL says of itself in `postmaster.pid`. After a crash the file is still there. */
export interface PostmasterFile {
  readonly pid: number
  /** Where it listens: the directory of its socket, or a loopback address. */
  readonly host: string
  readonly port: number
  readonly ready: boolean
  readonly text: string
}

const path = (cluster: Cluster) => join(cluster.data, 'postmaster.pid')

export async function readPostmasterFile(cluster: Cluster): Promise<PostmasterFile | undefined> {
  const text = await readFile(path(cluster), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const [pid, , , port, socketDirectory, address, , status] = text.split('\n').map(line => line.trim())
  return {
    pid: Number(pid),
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
 * Removes the file of a dead PostgreSQL whose number is taken, for which the next one would refuse to start. The
 * shared memory of the data directory guards it beside this file.
 */
export async function forgetPostmaster(cluster: Cluster, known: PostmasterFile): Promise<void> {
  const current = await readPostmasterFile(cluster)
  if (current?.text === known.text) await rm(path(cluster), { force: true })
}
