import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import type { UserId } from '@switchboard/protocol'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Database } from '../storage/database.js'
import type { KeyRing } from './keys.js'
import type { Account, SessionStores } from './stores.js'

/** Upper-case letters and digits but I, L, O and U; digits that look like O and I stand for them: Crockford's base 32. */
export const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `below(n)` gives a whole number under n; the default is the system's secure source, without bias. */
export const makeCode = (below: (n: number) => number = n => randomInt(n)): string =>
  Array.from({ length: limits.resetCodeLength }, () => codeAlphabet[below(codeAlphabet.length)]).join('')

/** What a person may make of a code on the way: case, spaces around it, O for 0, I and L for 1. */
export const readCode = (typed: string): string =>
  typed.trim().toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')

export interface ResetCodesDeps {
  readonly database: Database
  readonly stores: Pick<SessionStores, 'credentials' | 'resets'>
  readonly keys: KeyRing
  readonly clock: Clock
  readonly newId: () => string
  readonly code?: () => string
}

/** Codes that prove that somebody reads an account's mail. Only a keyed hash of a code is ever stored. */
export interface ResetCodes {
  /** A fresh code for the account of that email; the older ones are dead then. Undefined: there is no such account. */
  issue(emailKey: string): Promise<{ account: Account; code: string } | undefined>
  /** Spends an attempt and, if it is right, the code. Undefined: wrong, expired, used, spent or nobody's. */
  redeem(emailKey: string, typed: string): Promise<{ resetId: string; userId: UserId } | undefined>
}

export function createResetCodes(deps: ResetCodesDeps): ResetCodes {
  const { database, stores, keys, clock, newId, code: newCode = () => makeCode() } = deps
  const { credentials, resets } = stores
  const hash = (secret: Buffer, resetId: string, code: string) =>
    createHmac('sha256', secret).update(`${resetId} ${code}`).digest()

  return {
    async issue(emailKey) {
      const account = await credentials.byEmail(database, emailKey)
      if (!account) return undefined
      const [secret] = await keys.secrets('reset codes')
      const resetId = newId()
      const code = newCode()
      const now = clock.wall()
      await database.transaction(async tx => {
        await resets.lockAccount(tx, account.userId)
        await resets.supersede(tx, account.userId, new Date(now), new Date(now - limits.deadRowsMs))
        await resets.insert(tx, {
          resetId,
          userId: account.userId,
          codeHash: hash(secret, resetId, code),
          createdAt: new Date(now),
          codeExpiresAt: new Date(now + limits.resetCodeMs),
        })
      })
      return { account, code }
    },

    async redeem(emailKey, typed) {
      const now = new Date(clock.wall())
      const found = await resets.countAttempt(database, emailKey, now, limits.resetCodeAttempts)
      if (!found) return undefined
      const { resetId, userId, codeHash } = found
      const secrets = await keys.secrets('reset codes')
      const right = secrets.some(secret => timingSafeEqual(hash(secret, resetId, readCode(typed)), codeHash))
      if (!right) return undefined
      const tokenExpiresAt = new Date(now.getTime() + limits.resetTokenMs)
      return (await resets.useCode(database, resetId, now, tokenExpiresAt)) ? { resetId, userId } : undefined
    },
  }
}
