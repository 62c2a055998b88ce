import { lchown, lstat, mkdir, readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Account } from './account.js'

/** Files of an embedded PostgreSQL, all below `DATA_DIR/postgres`. */
export interface Cluster {
  readonly root: string
  readonly data: string
  readonly passwordFile: string
  readonly log: string
}

export const superuser = 'switchboard'

/** Makes the directory, if need be. Links in its path are resolved: PostgreSQL records where it runs. */
export async function clusterIn(dataDir: string): Promise<Cluster> {
  try {
    await mkdir(dataDir, { recursive: true })
    return layout(join(await realpath(dataDir), 'postgres'))
  } catch (cause) {
    throw new Error(`cannot make the directory ${dataDir} (${codeOf(cause)})`, { cause })
  }
}

export const layout = (root: string): Cluster => ({
  root,
  data: join(root, 'data'),
  passwordFile: join(root, 'password'),
  log: join(root, 'server.log'),
})

/** Beginning of the name of a cluster that is being made, beside its place. */
export const making = (cluster: Cluster) => `${cluster.root}.initialising-`

export async function isInitialised(cluster: Cluster): Promise<boolean> {
  try {
    await stat(join(cluster.data, 'PG_VERSION'))
    return true
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false
    throw notOurs(cluster.root, cause)
  }
}

export async function readPassword(cluster: Cluster): Promise<string> {
  return readFile(cluster.passwordFile, 'utf8').catch(cause => {
    throw notOurs(cluster.passwordFile, cause)
  })
}

const notOurs = (path: string, cause: unknown) =>
  new Error(
    `cannot read ${path} (${codeOf(cause)}): run as the user that it belongs to, or set another DATA_DIR`,
    {
      cause,
    },
  )

/** The system's name of an error, like `ENOENT`. */
export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

/** Removes what first starts left behind that were killed on the way. */
export async function removeLeftovers(cluster: Cluster): Promise<void> {
  const parent = dirname(cluster.root)
  for (const name of await readdir(parent)) {
    // One that somebody is still making is of no more use either: he came too late.
    if (name.startsWith(basename(making(cluster)))) {
      await rm(join(parent, name), { recursive: true, force: true }).catch(() => {})
    }
  }
}

/** Files that root made or restored become the account's; a directory after what is in it, as a sign that all is done. */
export async function give(account: Account, path: string): Promise<void> {
  const { owner } = account
  if (!owner) return
  try {
    const found = await lstat(path)
    const names = found.isDirectory() ? await readdir(path) : []
    for (const name of names) await give(account, join(path, name))
    if (found.uid !== owner.uid) await lchown(path, owner.uid, owner.gid)
  } catch (error) {
    // Another server was quicker, and its PostgreSQL is at work already.
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
