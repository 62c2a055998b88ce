import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lchown, lstat, mkdtemp, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Account, asAccount } from './account.js'
import type { NativePrograms } from './native.js'

/** Files of an embedded PostgreSQL, all below `DATA_DIR/postgres`. */
export interface Cluster {
  readonly root: string
  readonly data: string
  readonly passwordFile: string
  readonly log: string
}

export const superuser = 'switchboard'

/** `dataDir` exists. Links in its path are resolved: PostgreSQL records where it runs. */
export async function clusterIn(dataDir: string): Promise<Cluster> {
  return layout(join(await realpath(dataDir), 'postgres'))
}

const layout = (root: string): Cluster => ({
  root,
  data: join(root, 'data'),
  passwordFile: join(root, 'password'),
  log: join(root, 'server.log'),
})

export async function isInitialised(cluster: Cluster): Promise<boolean> {
  return stat(join(cluster.data, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

/**
 * Makes the cluster beside its place and moves it there at the end: a crash on the way leaves no half of one, and of
 * two first starts at once one wins.
 */
export async function initialise(
  cluster: Cluster,
  native: NativePrograms,
  account: Account,
  extra: string[] = [],
) {
  const making = layout(await mkdtemp(`${cluster.root}.`))
  try {
    await writeSecret(making.passwordFile, randomBytes(32).toString('base64url'))
    await give(account, making.root, making.passwordFile)
    await initdb(making, native, account, extra)
    await rename(making.root, cluster.root)
    await sync(dirname(cluster.root))
  } catch (error) {
    await rm(making.root, { recursive: true, force: true })
    if (!(await isInitialised(cluster))) throw error
  }
}

async function initdb(making: Cluster, native: NativePrograms, account: Account, extra: readonly string[]) {
  const { command, args, options } = asAccount(account, native.initdb, [
    `--pgdata=${making.data}`,
    `--username=${superuser}`,
    `--pwfile=${making.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order and case rules on every platform, from PostgreSQL itself.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...extra,
  ])
  try {
    await promisify(execFile)(command, args, { ...options, cwd: making.root, windowsHide: true })
  } catch (cause) {
    throw new Error(`the embedded PostgreSQL could not be set up: ${reason(cause)}`, { cause })
  }
}

/** The one line of a failed program that says why. */
function reason(error: unknown): string {
  const { stderr = '', message } = error as Error & { stderr?: string }
  const lines = stderr.split('\n').filter(line => /error|fatal|could not|cannot/i.test(line))
  return (lines[0] ?? stderr.trim().split('\n').at(-1) ?? '') || message
}

async function writeSecret(path: string, secret: string) {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(secret)
    await file.sync()
  } finally {
    await file.close()
  }
}

export async function readPassword(cluster: Cluster): Promise<string> {
  return readFile(cluster.passwordFile, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Error(
      `cannot read ${cluster.passwordFile} (${cause.code}): run as the user that the directory belongs to`,
      { cause },
    )
  })
}

/** Removes what first starts left behind that were killed on the way. */
export async function removeLeftovers(cluster: Cluster): Promise<void> {
  const beginning = `${basename(cluster.root)}.`
  for (const name of await readdir(dirname(cluster.root))) {
    if (name.startsWith(beginning))
      await rm(join(dirname(cluster.root), name), { recursive: true, force: true })
  }
}

/** Files that root made or copied become the account's. */
export async function give({ owner }: Account, ...paths: string[]): Promise<void> {
  if (!owner) return
  for (const path of paths) {
    const found = await lstat(path)
    if (found.uid !== owner.uid) await lchown(path, owner.uid, owner.gid)
    if (found.isDirectory())
      await give({ owner, prefix: [] }, ...(await readdir(path)).map(name => join(path, name)))
  }
}

/** A directory's entries are on the disk only when the directory is. Windows does it by itself. */
async function sync(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
