import { createHmac, randomInt } from 'node:crypto'
import { limits } from '../limits.js'

/** Without letters that look like digits. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Fifty random bits each, in two groups that can be read out. */
export function newRecoveryCodes(): readonly string[] {
  const five = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return Array.from({ length: limits.recoveryCodes }, () => `${five()}-${five()}`)
}

/** Keyed: fifty bits are few for whoever has the table and not the key. */
export const recoveryCodeHash = (key: Buffer, administratorId: string, code: string): Buffer =>
  createHmac('sha256', key)
    .update(`recovery code ${administratorId} ${code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`)
    .digest()
