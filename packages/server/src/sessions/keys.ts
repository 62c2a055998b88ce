import type { JSONWebKeySet } from 'jose'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { TokenKey } from './key.js'
import { generateKey, isOpenToOthers, previousKeyFile, readKey, versionOf } from './key-file.js'

/** The key that signs and, after a rotation, the one before it. Follows its files while the server runs. */
export interface KeyRing {
  /** The key to sign with: the file's newest, known within a second of a rotation. */
  signing(): Promise<TokenKey>
  /** The key of that id, looked for in the files when it is not known. */
  byId(kid: string): Promise<TokenKey | undefined>
  /** Whether a key of that id is among them still: a token remembered as good dies with its key. */
  knows(kid: string): boolean
  /** Secrets for that purpose, the newest first: what an older key has sealed can still be opened. */
  secrets(purpose: string): Promise<readonly [Buffer, ...Buffer[]]>
  /** Told when the keys have changed; of what it does wrong nobody hears. */
  onChange(listener: () => Promise<unknown>): void
  jwks(): JSONWebKeySet
}

export interface KeyRingDeps {
  readonly file: string
  readonly strict: boolean
  readonly clock: Clock
  readonly log: Logger
}

type Keys = readonly [TokenKey, ...TokenKey[]]

async function makeKey({ file, log }: KeyRingDeps): Promise<void> {
  try {
    if ((await generateKey(file)) === 'made') log.info(`made a new token key in ${file}`)
  } catch (error) {
    throw new Error(`TOKEN_KEY_FILE: cannot make a key in ${file} (${(error as Error).message})`)
  }
}

async function checkPrivacy(file: string, { strict, log }: KeyRingDeps): Promise<void> {
  if (!(await isOpenToOthers(file))) return
  const advice = `TOKEN_KEY_FILE: others may read ${file}; run: chmod 600 ${file}`
  if (strict) throw new Error(advice)
  log.warn(advice)
}

/** The key in the file and the one before it. */
export async function readKeys(file: string): Promise<Keys> {
  const current = await readKey(file)
  if (!current) throw new Error(`TOKEN_KEY_FILE: there is no ${file}`)
  const previous = await readKey(previousKeyFile(file))
  return previous && previous.kid !== current.kid ? [current, previous] : [current]
}

/** Secrets for that purpose, the newest first. */
export function secretsOf([first, ...others]: Keys, purpose: string): readonly [Buffer, ...Buffer[]] {
  return [first.secret(purpose), ...others.map(key => key.secret(purpose))]
}

/** Reads the key, or makes one where there is none. Throws one line naming TOKEN_KEY_FILE when it will not do. */
export async function openKeyRing(deps: KeyRingDeps): Promise<KeyRing> {
  const { file, clock, log } = deps
  const previousFile = previousKeyFile(file)

  // The file itself first: a rotation writes the previous one first, so that no key is missed in between.
  const versions = async () => `${await versionOf(file)} / ${await versionOf(previousFile)}`

  if ((await versionOf(file)) === undefined) await makeKey(deps)
  for (const name of [file, previousFile]) await checkPrivacy(name, deps)
  let version = await versions()
  let keys = await readKeys(file)
  let lookedAt = clock.monotonic()
  let looking: Promise<void> | undefined
  const listeners: (() => Promise<unknown>)[] = []

  async function follow(): Promise<void> {
    lookedAt = clock.monotonic()
    const now = await versions()
    if (now === version) return
    try {
      keys = await readKeys(file)
      for (const listener of listeners) listener().catch(() => undefined)
    } catch (error) {
      log.error(`${(error as Error).message}; going on with the keys known before`)
    }
    version = now
  }
  const look = (): Promise<void> => {
    looking ??= follow().finally(() => {
      looking = undefined
    })
    return looking
  }
  const lookNowAndThen = async () => {
    if (looking || clock.monotonic() - lookedAt >= limits.keyFileLookMs) await look()
  }
  const known = (kid: string) => keys.find(key => key.kid === kid)

  return {
    async signing() {
      await lookNowAndThen()
      return keys[0]
    },
    async byId(kid) {
      if (!known(kid)) await look()
      return known(kid)
    },
    knows(kid) {
      void lookNowAndThen()
      return known(kid) !== undefined
    },
    async secrets(purpose) {
      await lookNowAndThen()
      return secretsOf(keys, purpose)
    },
    onChange: listener => void listeners.push(listener),
    jwks() {
      void lookNowAndThen()
      return { keys: keys.map(key => ({ ...key.jwk })) }
    },
  }
}
