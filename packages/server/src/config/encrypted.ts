import { createDecipheriv, createECDH, ECDH, hkdfSync } from 'node:crypto'
import { parseEnv } from 'node:util'
import { ConfigError } from './config-error.js'
import type { Environment, ReadFile } from './environment.js'

/** As dotenvx writes a value: for the public key beside it, so that only who has the private one can read it. */
const mark = 'encrypted:'

export const isEncrypted = (text: string): boolean => text.startsWith(mark)

/** Gives the text behind what dotenvx encrypted, and any other text as it is. Throws `ConfigError`. */
export type Reveal = (name: string, text: string) => string

/** The keys are looked for when the first encrypted value is met. */
export function revealer(env: Environment, readFile: ReadFile): Reveal {
  let found: PrivateKeys | undefined
  return (name, text) => {
    if (!isEncrypted(text)) return text
    found ??= readPrivateKeys(env, readFile)
    const { source, keys } = found
    if (keys.length === 0)
      throw new ConfigError(
        name,
        'is encrypted, and there is no key for it: set DOTENV_PRIVATE_KEY or DOTENV_PRIVATE_KEY_FILE, or put .env.keys beside .env',
      )
    const sealed = Buffer.from(text.slice(mark.length), 'base64')
    for (const key of keys) {
      const plain = decrypt(sealed, key)
      if (plain !== undefined) return plain
    }
    throw new ConfigError(name, `is encrypted, and not for the key that ${source} has (or it is damaged)`)
  }
}

interface PrivateKeys {
  readonly source: string
  readonly keys: readonly Buffer[]
}

const variable = 'DOTENV_PRIVATE_KEY'

/** The environment, the file that it names, or the `.env.keys` that dotenvx makes: the first that there is. */
function readPrivateKeys(env: Environment, readFile: ReadFile): PrivateKeys {
  const written = env[variable]?.trim()
  const path = env[`${variable}_FILE`]?.trim()
  if (written && path) throw new ConfigError(variable, `is set beside ${variable}_FILE; set one of the two`)
  if (written) return { source: variable, keys: keysIn(written, variable) }
  if (path) {
    const text = readKeyFile(path, readFile)
    if (text === undefined) throw new ConfigError(`${variable}_FILE`, `${JSON.stringify(path)} is not there`)
    return { source: `${variable}_FILE`, keys: keysIn(text, `${variable}_FILE`) }
  }
  const text = readKeyFile('.env.keys', readFile)
  return { source: '.env.keys', keys: text === undefined ? [] : keysIn(text, '.env.keys') }
}

function readKeyFile(path: string, readFile: ReadFile): string | undefined {
  try {
    return readFile(path)
  } catch (error) {
    const { code = 'unreadable' } = error as { code?: string }
    if (code === 'ENOENT') return undefined
    throw new ConfigError(path, `cannot be read (${code})`)
  }
}

/** The bare key, or a file of dotenvx with it; more than one by commas, while they change. */
function keysIn(text: string, source: string): Buffer[] {
  const written = /[=#]/.test(text) ? parseEnv(text)[variable] : text
  return (written ?? '')
    .split(',')
    .map(key => key.trim())
    .filter(key => key !== '')
    .map(key => {
      if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex')
      throw new ConfigError(source, 'has no key of dotenvx: 64 hexadecimal digits')
    })
}

const lengths = { point: 65, nonce: 16, tag: 16 }

/**
 * ECIES as dotenvx has it: a point of secp256k1 that was made for this value, and AES-256-GCM under what HKDF makes of
 * that point and the shared one. Undefined: another key's, or damaged.
 */
function decrypt(sealed: Buffer, privateKey: Buffer): string | undefined {
  const [nonceAt, tagAt] = [lengths.point, lengths.point + lengths.nonce]
  const textAt = tagAt + lengths.tag
  if (sealed.length < textAt) return undefined
  const point = sealed.subarray(0, nonceAt)
  for (const shared of sharedPoints(point, privateKey)) {
    const key = hkdfSync('sha256', Buffer.concat([point, shared]), '', '', 32)
    const cipher = createDecipheriv('aes-256-gcm', Buffer.from(key), sealed.subarray(nonceAt, tagAt), {
      authTagLength: lengths.tag,
    })
    cipher.setAuthTag(sealed.subarray(tagAt, textAt))
    try {
      return Buffer.concat([cipher.update(sealed.subarray(textAt)), cipher.final()]).toString('utf8')
    } catch {
      // The other of the two points, or another key.
    }
  }
  return undefined
}

const curve = 'secp256k1'

/** Node gives the abscissa alone. Two points have it; which one was meant, the tag tells. */
function sharedPoints(point: Buffer, privateKey: Buffer): Buffer[] {
  try {
    const ours = createECDH(curve)
    ours.setPrivateKey(privateKey)
    const abscissa = ours.computeSecret(point)
    return [0x02, 0x03].map(sign => {
      const compressed = Buffer.concat([Buffer.of(sign), abscissa])
      return ECDH.convertKey(compressed, curve, undefined, undefined, 'uncompressed') as Buffer
    })
  } catch {
    return []
  }
}
