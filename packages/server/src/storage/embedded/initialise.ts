import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { asAccount } from './account.js'
import { type Cluster, codeOf, give, isInitialised, layout, making, superuser } from './cluster.js'
import type { Installation } from './installation.js'
import { environment } from './native.js'

/**
 * Makes the cluster beside its place and moves it there at the end: a crash on the way leaves no half of one, and of
 * two first starts at once one wins.
 */
export async function initialise(installation: Installation, extra: readonly string[] = []): Promise<void> {
  const { cluster, account } = installation
  const parent = dirname(cluster.root)
  const draft = layout(
    await mkdtemp(making(cluster)).catch(cause => {
      throw new Error(`cannot write in the directory ${parent} (${codeOf(cause)})`, { cause })
    }),
  )
  try {
    await writeSecret(draft.passwordFile, randomBytes(32).toString('base64url'))
    await give(account, draft.root)
    await initdb(draft, installation, extra)
    await rename(draft.root, cluster.root)
    await sync(parent)
  } catch (error) {
    await rm(draft.root, { recursive: true, force: true })
    if (await isInitialised(cluster)) return
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error))) throw error
    throw new Error(`${cluster.root} is there but holds no database: remove it, or set another DATA_DIR`, {
      cause: error,
    })
  }
}

async function initdb(draft: Cluster, { native, account }: Installation, extra: readonly string[]) {
  const { command, args, options } = asAccount(account, native.initdb, [
    `--pgdata=${draft.data}`,
    `--username=${superuser}`,
    `--pwfile=${draft.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order and the same upper and lower case on every platform, from PostgreSQL itself.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...extra,
  ])
  try {
    await promisify(execFile)(command, args, {
      ...options,
      cwd: draft.root,
      env: environment(),
      windowsHide: true,
    })
  } catch (cause) {
    throw new Error(`the embedded PostgreSQL could not be set up: ${reason(cause)}`, { cause })
  }
}

/** The one line of a failed program that says why. */
function reason(error: unknown): string {
  const { stderr = '', message, code } = error as Error & { stderr?: string; code?: string | number }
  // The file is there: what is missing is the loader that it names.
  if (code === 'ENOENT') return 'its programs do not run on this system (they need glibc): set DATABASE_URL'
  const lines = stderr.trim().split('\n')
  return lines.find(line => /error|fatal|could not|cannot/i.test(line)) || lines.at(-1) || message
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
