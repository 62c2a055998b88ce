import { loadConfig } from '../config.js'
import {
  generateKey,
  type KeyKind,
  previousKeyFile,
  readKey,
  replaceKey,
  rotateKeys,
} from '../sessions/key-file.js'
import { CommandError } from './exit-codes.js'
import type { World } from './world.js'

interface GenerateOptions {
  readonly type: KeyKind
  readonly force?: boolean
}

/** Makes a key where there is none; with `force` also where there is one. */
export async function generate({ env, readFile, terminal }: World, { type, force }: GenerateOptions) {
  const { tokenKeyFile: file } = loadConfig(env, readFile)
  if (force) await replaceKey(file, type)
  else if ((await generateKey(file, type)) === 'exists')
    throw new CommandError(
      `there is a key in ${file}: "keys rotate" replaces it gently, --force at once, and every token dies`,
    )
  const key = await readKey(file)
  terminal.out(`made ${file} (${key?.alg}, id ${key?.kid})`)
  if (force) terminal.err('Servers that are running take it within seconds; users have to log in again.')
}

/** A new key; the one before goes on verifying. */
export async function rotate({ env, readFile, terminal }: World, { type }: Pick<GenerateOptions, 'type'>) {
  const { tokenKeyFile: file } = loadConfig(env, readFile)
  const { kid, previousKid } = await rotateKeys(file, type)
  terminal.out(`made ${file} (id ${kid}); the one before is in ${previousKeyFile(file)} (id ${previousKid})`)
  terminal.err('Servers that are running take it within seconds. Rotate again when its tokens have expired.')
}
