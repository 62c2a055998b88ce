import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { chmod, constants, copyFile, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { parseKey, type TokenKey } from './key.js'

/** Where the key before the last rotation lies; its tokens still verify. */
export const previousKeyFile = (file: string): string => {
  const extension = extname(file)
  return join(dirname(file), `${basename(file, extension)}.previous${extension || '.key'}`)
}

const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

const newKey = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ed25519: () => generateKeyPairSync('ed25519'),
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 4096 }),
}

export type KeyKind = keyof typeof newKey

/** ES256: it signs and verifies faster here than Ed25519 (98 and 124 microseconds against 109 and 152). */
const usualKind: KeyKind = 'p256'

/** A new key in a file of its own beside `file`, on disk, readable by its owner alone. */
async function writeBeside(file: string, kind: KeyKind): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const beside = join(dirname(file), `.${basename(file)}.${randomUUID()}`)
  const handle = await open(beside, 'wx', 0o600)
  try {
    await handle.writeFile(newKey[kind]().privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await handle.sync()
  } finally {
    await handle.close()
  }
  return beside
}

/** Puts a file in its place, whole or not at all, and never over another. */
async function appear(beside: string, file: string): Promise<void> {
  try {
    await link(beside, file)
  } catch (error) {
    if (!isCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS')) throw error
    await copyFile(beside, file, constants.COPYFILE_EXCL) // a file system without hard links
  }
}

/** Makes the key, unless the file exists: of two that start at once one writes, and both read the same. */
export async function generateKey(file: string, kind = usualKind): Promise<'made' | 'exists'> {
  const beside = await writeBeside(file, kind)
  try {
    await appear(beside, file)
    return 'made'
  } catch (error) {
    if (isCode(error, 'EEXIST')) return 'exists'
    throw error
  } finally {
    await rm(beside, { force: true })
  }
}

/** A new key takes the place of the old one, which goes on verifying. At every moment both names hold a whole key. */
export async function rotateKeys(
  file: string,
  kind = usualKind,
): Promise<{ kid: string; previousKid: string }> {
  const old = await readKey(file)
  if (!old) throw new Error(`TOKEN_KEY_FILE: there is no key in ${file} to rotate`)
  const previous = previousKeyFile(file)
  const copy = `${previous}.${randomUUID()}`
  const beside = await writeBeside(file, kind)
  try {
    await copyFile(file, copy)
    await chmod(copy, 0o600)
    await rename(copy, previous)
    await rename(beside, file)
  } catch (error) {
    await Promise.all([rm(copy, { force: true }), rm(beside, { force: true })])
    throw error
  }
  const made = await readKey(file)
  if (!made) throw new Error(`TOKEN_KEY_FILE: ${file} vanished`)
  return { kid: made.kid, previousKid: old.kid }
}

/** A new key, whatever there was before: nothing made with an older one is good any more. */
export async function replaceKey(file: string, kind = usualKind): Promise<void> {
  const beside = await writeBeside(file, kind)
  try {
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await rm(previousKeyFile(file), { force: true })
}

/** The key in the file; undefined when there is none. Throws one line that names the variable. */
export async function readKey(file: string): Promise<TokenKey | undefined> {
  let pem: string
  try {
    pem = await readFile(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw new Error(`TOKEN_KEY_FILE: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  try {
    return await parseKey(pem)
  } catch (error) {
    throw new Error(`TOKEN_KEY_FILE: ${file} ${(error as Error).message}`)
  }
}

/** What changes when the file does; undefined when there is none. */
export async function versionOf(file: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch {
    return undefined
  }
}

/** True when there is such a file and others than the owner may read it. Windows has no such bits. */
export async function isOpenToOthers(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false
  const found = await stat(file).catch(() => undefined)
  return found !== undefined && (found.mode & 0o077) !== 0
}
