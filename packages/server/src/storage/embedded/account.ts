import { execFile } from 'node:child_process'
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { environment, type NativePrograms } from './native.js'

/** How to run PostgreSQL's programs so that they do not run as root, which they refuse. */
export interface Account {
  /** Undefined: as ourselves. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
  /** Stands before the program: it becomes the account but may still pass directories closed to it. */
  readonly prefix: readonly string[]
}

const ourselves: Account = { owner: undefined, prefix: [] }

/**
 * Ourselves, unless we are root: then the owner that the data already has, else `postgres` or `nobody`. The account
 * must reach the directory around the data, and the programs.
 */
export async function chooseAccount(data: string, native: NativePrograms): Promise<Account> {
  if (process.getuid?.() !== 0) return ourselves
  const owner = (await ownerOf(data)) ?? (await systemAccount())
  const closed = await firstClosed([dirname(data), await realpath(native.postgres)], owner)
  if (closed === undefined) return { owner, prefix: [] }
  return { owner, prefix: await passingPrefix(owner, closed, native) }
}

async function ownerOf(path: string): Promise<Account['owner']> {
  const found = await stat(path).catch(() => undefined)
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined
}

async function systemAccount(): Promise<NonNullable<Account['owner']>> {
  const accounts = new Map(
    (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => {
      const [name = '', , uid, gid] = line.split(':')
      // macOS writes nobody as -2.
      return [name, { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }] as const
    }),
  )
  const account = accounts.get('postgres') ?? accounts.get('_postgres') ?? accounts.get('nobody')
  if (account && account.uid !== 0) return account
  throw new Error(
    'PostgreSQL does not run as root and there is no account "postgres" or "nobody": run as a plain user, or set DATABASE_URL',
  )
}

/** The first of the paths, or of the directories on the way to them, that the account may not enter or run. */
async function firstClosed(paths: readonly string[], owner: { uid: number; gid: number }) {
  for (const path of paths) {
    for (let step = path; ; step = dirname(step)) {
      const found = await stat(step)
      const shift = found.uid === owner.uid ? 6 : found.gid === owner.gid ? 3 : 0
      if (((found.mode >> shift) & 1) === 0) return step
      if (step === dirname(step)) break
    }
  }
  return undefined
}

/** `setpriv` keeps one capability over the change of user. Containers often have only the second one. */
async function passingPrefix(
  { uid, gid }: { uid: number; gid: number },
  closed: string,
  native: NativePrograms,
) {
  for (const capability of ['dac_read_search', 'dac_override']) {
    const prefix = [
      'setpriv',
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      `--inh-caps=+${capability}`,
      `--ambient-caps=+${capability}`,
      // Else access(2), by which PostgreSQL looks for its programs, does not count the capability.
      '--securebits=+no_setuid_fixup',
      '--',
    ]
    const [command = '', ...args] = [...prefix, native.initdb, '--show', '--pgdata=/nowhere']
    try {
      await promisify(execFile)(command, args, { cwd: '/', env: environment() })
      return prefix
    } catch {}
  }
  throw new Error(
    `PostgreSQL does not run as root, and its user ${uid} may not enter ${closed}: run as a plain user, set DATA_DIR to a directory outside, or run: chmod o+x ${closed}`,
  )
}

/** Command, arguments and options for `spawn`. */
export function asAccount({ owner, prefix }: Account, program: string, args: readonly string[]) {
  const [command = program, ...rest] = [...prefix, program, ...args]
  return {
    command,
    args: rest,
    // setpriv itself starts as root and changes the user.
    options: prefix.length === 0 && owner ? owner : {},
  }
}
