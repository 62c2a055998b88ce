import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { clusterIn, isInitialised } from './cluster.js'
import { isAlive, readPostmasterFile } from './postmaster-file.js'

export interface EmbeddedStatus {
  readonly directory: string
  readonly initialised: boolean
  /** The process, when it runs. */
  readonly pid: number | undefined
  readonly bytes: number
}

/** What there is in `dataDir`, without starting anything. */
export async function embeddedStatus(dataDir: string): Promise<EmbeddedStatus> {
  const there = await stat(dataDir).catch(() => undefined)
  if (!there) return { directory: join(dataDir, 'postgres'), initialised: false, pid: undefined, bytes: 0 }
  const cluster = await clusterIn(dataDir)
  const initialised = await isInitialised(cluster)
  const file = await readPostmasterFile(cluster)
  const running = file !== undefined && (await isAlive(file, cluster)) !== false
  return {
    directory: cluster.root,
    initialised,
    pid: running ? file.pid : undefined,
    bytes: initialised ? await sizeOf(cluster.root) : 0,
  }
}

/** Files come and go meanwhile. */
async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries.map(entry => {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) return sizeOf(path)
      return stat(path).then(
        ({ size }) => size,
        () => 0,
      )
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
