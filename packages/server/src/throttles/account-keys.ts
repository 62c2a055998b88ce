import { createHmac } from 'node:crypto'
import type { UserId } from '@switchboard/protocol'

/** The limits that the database counts, and by what of whoever asks. */
const countedBy = {
  failedAuthentications: 'address',
  registrations: 'address',
  resetMails: 'email',
  resetMailsPerAddress: 'address',
  resetCodes: 'email',
  lookups: 'user',
  turnCredentials: 'user',
} as const

export type StoredLimit = keyof typeof countedBy

/** The purpose is part of it: one address under two limits is two keys that nobody can bring together. */
export const keyedHash = (secret: Buffer, purpose: string, ...who: readonly string[]): Buffer =>
  createHmac('sha256', secret)
    .update(JSON.stringify([purpose, ...who]))
    .digest()

/** The key of an account's wrong passwords in a row. */
export const loginKey = (secret: Buffer, emailKey: string): Buffer => keyedHash(secret, 'login', emailKey)

/** Every key under which limits may keep something of an account, for every secret there is. */
export function keysOfAccount(
  secrets: readonly Buffer[],
  { id, emailKey }: { readonly id: UserId; readonly emailKey: string },
): { readonly failedLogins: readonly Buffer[]; readonly rates: readonly Buffer[] } {
  const who = { email: emailKey, user: id }
  return {
    failedLogins: secrets.map(secret => loginKey(secret, emailKey)),
    rates: secrets.flatMap(secret =>
      Object.entries(countedBy).flatMap(([limit, by]) =>
        by === 'address' ? [] : [keyedHash(secret, limit, who[by])],
      ),
    ),
  }
}
