import { createHash, randomBytes } from 'node:crypto'
import { seal, unseal } from '../mail/sealing.js'
import type { Queryable } from '../storage/database.js'
import type { KeyRing } from './keys.js'

/** A secret sealed under one token key. */
export interface SealedSecret {
  readonly keyId: Buffer
  readonly sealed: Buffer
}

export interface LastingSecretStore {
  read(db: Queryable, purpose: string): Promise<readonly SealedSecret[]>
  /** Adds it, unless there is one under that key, and lets go of those under keys that are not among `living`. */
  add(db: Queryable, purpose: string, secret: SealedSecret, living: readonly Buffer[]): Promise<void>
}

export interface LastingSecretDeps {
  readonly store: LastingSecretStore
  readonly secrets: KeyRing['secrets']
}

/** Gives the secret, within the transaction if it is asked there. */
export type LastingSecret = (db: Queryable) => Promise<Buffer>

/**
 * A secret for what lives longer than token keys do. It is random and lies in the database, sealed under every token
 * key there is: who knows the newest or the one before opens it, and seals it under the newest. When it is asked for at
 * least once between two rotations it lasts for ever; when no key opens it, all keys were replaced, and it begins anew.
 */
export const createLastingSecret = ({ store, secrets }: LastingSecretDeps, purpose: string): LastingSecret =>
  async function secret(db) {
    const keys = await secrets(`lasting ${purpose}`)
    const [newest] = keys
    const living = keys.map(idOf)
    const sealed = await store.read(db, purpose)
    const isUnder = (key: Buffer) => sealed.find(({ keyId }) => keyId.equals(idOf(key)))
    for (const key of keys) {
      const found = isUnder(key)
      const text = found && unseal([key], purpose, found.sealed)
      if (text === undefined) continue
      if (key !== newest) await store.add(db, purpose, sealedUnder(newest, purpose, text), living)
      return Buffer.from(text, 'base64')
    }
    if (isUnder(newest)) throw new Error(`the secret of ${purpose} is damaged`)
    const made = randomBytes(32).toString('base64')
    await store.add(db, purpose, sealedUnder(newest, purpose, made), living)
    return secret(db) // another node may have been first
  }

const sealedUnder = (key: Buffer, purpose: string, text: string): SealedSecret => ({
  keyId: idOf(key),
  sealed: seal(key, purpose, text),
})

/** Keys are random: a digest tells them apart and tells nothing of them. */
const idOf = (key: Buffer): Buffer =>
  createHash('sha256').update('id of ').update(key).digest().subarray(0, 16)
