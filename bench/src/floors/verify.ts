import { createHmac, timingSafeEqual } from 'node:crypto'
import { floorSecret } from '../systems/tokens.js'

/** Verifies an HS256 token: who it is of, or undefined. */
export function verify(token: string): string | undefined {
  const end = token.lastIndexOf('.')
  const given = Buffer.from(token.slice(end + 1), 'base64url')
  const made = createHmac('sha256', floorSecret).update(token.slice(0, end)).digest()
  if (given.length !== made.length || !timingSafeEqual(given, made)) return undefined
  const [, claims = ''] = token.split('.')
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string }).sub
}
