import type { TokenKey } from './key.js'

/** What a signed token says. Nothing of its claims has been looked at: only who signed them. */
export interface Verified {
  readonly typ: unknown
  readonly claims: Readonly<Record<string, unknown>>
}

const base64url = /^[A-Za-z0-9_-]+$/

/** A JSON object in base64url, in UTF-8 and nothing else; undefined for anything that is not. */
function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  if (!base64url.test(part)) return undefined
  try {
    const value = JSON.parse(utf8.decode(Buffer.from(part, 'base64url'))) as unknown
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A compact JWS (RFC 7515 section 7.1) by one of our keys; undefined when it is anything else. The key decides the
 * algorithm (RFC 8725 section 3.1), and of the header only `kid` is followed: keys that a token brings along are not
 * looked at. Verified in place: to hand that to WebCrypto and its threads takes as long as the verification itself.
 */
export async function verifyCompact(
  token: string,
  keyOf: (kid: string) => Promise<TokenKey | undefined>,
): Promise<(Verified & { readonly kid: string }) | undefined> {
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  if (more.length > 0 || !base64url.test(signature)) return undefined
  const said = readPart(header)
  // No extension is understood here, and what is critical must be (RFC 7515 section 4.1.11).
  if (said === undefined || said.crit !== undefined || typeof said.kid !== 'string') return undefined
  const key = await keyOf(said.kid)
  if (key === undefined || said.alg !== key.alg) return undefined
  const signed = Buffer.from(token.slice(0, header.length + 1 + payload.length), 'latin1')
  if (!key.verifies(signed, Buffer.from(signature, 'base64url'))) return undefined
  const claims = readPart(payload)
  return claims && { kid: key.kid, typ: said.typ, claims }
}
