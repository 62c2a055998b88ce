import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Reading } from '../../../config/read-settings.js'
import { previousKeyFile } from '../../../sessions/key-file.js'
import type { World } from '../../world.js'

/** Files that hold a secret as it is; those that are not there are left out where they are looked at. */
export function secretFiles({ env }: Pick<World, 'env'>, readings: readonly Reading[]): string[] {
  const plainInDotEnv = readings.some(
    ({ source, setting, encrypted }) => source === '.env' && setting.secret && !encrypted,
  )
  const named = readings.flatMap(({ source, encrypted }) =>
    source.startsWith('file ') && !encrypted ? [source.slice('file '.length)] : [],
  )
  const pathIn = (name: string) => {
    const value = readings.find(each => each.name === name)?.value
    return typeof value === 'string' ? [value] : []
  }
  const keys = [...pathIn('TLS_KEY_FILE'), ...pathIn('NATS_CREDS_FILE')]
  const previous = pathIn('TOKEN_KEY_FILE').map(previousKeyFile)
  const ofDotenvx = ['.env.keys', ...(env.DOTENV_PRIVATE_KEY_FILE ? [env.DOTENV_PRIVATE_KEY_FILE] : [])]
  return [...new Set([...(plainInDotEnv ? ['.env'] : []), ...ofDotenvx, ...named, ...keys, ...previous])]
}

/** Who beside us may read or change it. */
export async function openTo(file: string): Promise<'everybody' | 'its group' | undefined> {
  // What an engine mounts there is open to whoever is inside the container, and that is us.
  if (process.platform === 'win32' || resolve(file).startsWith('/run/secrets/')) return undefined
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) return undefined
  if ((found.mode & 0o007) !== 0) return 'everybody'
  // Where it is another's file, its group is how we come to it at all; root's own group is root.
  const isOurs = found.uid === process.getuid?.()
  return isOurs && found.gid !== 0 && (found.mode & 0o070) !== 0 ? 'its group' : undefined
}

/** Whether git has it, and with it everybody who clones the repository. No git, no repository: it has not. */
export async function isInGit(file: string): Promise<boolean> {
  const path = resolve(file)
  try {
    const listed = await promisify(execFile)('git', ['ls-files', '--', basename(path)], {
      cwd: dirname(path),
    })
    return listed.stdout.trim() !== ''
  } catch {
    return false
  }
}
