import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { limits } from '../limits.js'
import type { IdentityDeps } from './deps.js'
import { digestOf } from './tokens.js'

const headBytes = 24

/**
 * What passkeys sign: made up by us, bound to what it is for, good for some minutes, and once. Nothing is kept of one
 * until it was answered, so that whoever asks for many fills nothing.
 */
export function createChallenges({ challengeKeys, clock, database, stores }: IdentityDeps) {
  const macOf = (key: Buffer, purpose: string, head: Buffer) =>
    createHmac('sha256', key).update(purpose).update('\0').update(head).digest()

  return {
    async make(purpose: string): Promise<Buffer> {
      const [key] = await challengeKeys()
      const until = Buffer.alloc(8)
      until.writeBigUInt64BE(BigInt(clock.wall() + limits.passkeyMs))
      const head = Buffer.concat([until, randomBytes(headBytes - until.length)])
      return Buffer.concat([head, macOf(key, purpose, head)])
    },

    /** Whether it is one of ours for this purpose, and still good. */
    async isOurs(purpose: string, written: string): Promise<boolean> {
      const bytes = Buffer.from(written, 'base64url')
      const [head, mac] = [bytes.subarray(0, headBytes), bytes.subarray(headBytes)]
      if (mac.length !== 32 || Number(head.readBigUInt64BE()) < clock.wall()) return false
      return (await challengeKeys()).some(key => timingSafeEqual(macOf(key, purpose, head), mac))
    },

    /** False: it was answered before. */
    take(written: string): Promise<boolean> {
      const now = clock.wall()
      const until = new Date(now + limits.passkeyMs)
      return stores.factors.takeChallenge(database, digestOf(written), until, new Date(now))
    },
  }
}
