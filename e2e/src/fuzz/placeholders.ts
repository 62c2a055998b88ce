import type { Bytes } from './bytes.js'

/** What an input names without knowing it: who acts, and what the server gave to them. */
export interface Actor {
  readonly values: Readonly<Record<string, string>>
  readonly token: string
}

type Mangle = (token: string) => string

const payloadOf = (token: string, change: (claims: Record<string, unknown>) => object) => {
  const [head = '', payload = '', signature = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  return [head, Buffer.from(JSON.stringify(change(claims))).toString('base64url'), signature].join('.')
}
const headOf = (token: string, head: object) =>
  [Buffer.from(JSON.stringify(head)).toString('base64url'), ...token.split('.').slice(1)].join('.')

/** Tokens that must open nothing (but `padded`, whose bytes may be those of the real one). */
const mangles: Readonly<Record<string, Mangle>> = {
  cut: token => token.slice(0, -7),
  unsigned: token => `${token.split('.').slice(0, 2).join('.')}.`,
  none: token => headOf(token, { alg: 'none', typ: 'JWT' }),
  hs256: token => headOf(token, { alg: 'HS256', typ: 'JWT' }),
  kid: token => headOf(token, { alg: 'RS256', kid: '../../../../dev/null' }),
  jku: token => headOf(token, { alg: 'RS256', jku: 'http://127.0.0.1:1/keys', jwk: { kty: 'oct', k: '' } }),
  later: token => payloadOf(token, claims => ({ ...claims, exp: 1e308 })),
  other: token => payloadOf(token, claims => ({ ...claims, sub: '0', sid: '__proto__' })),
  shape: token => payloadOf(token, () => [[[]]]),
  doubled: token => token + token,
  upper: token => token.toUpperCase(),
  padded: token => `${token}==`,
  parts: token => token.replaceAll('.', '..'),
  huge: token => token.repeat(6),
}

export const mangledTokens = Object.keys(mangles).map(how => `{{token:${how}}}`)

/** Puts an actor's values in the places of `{{name}}`; a name nobody has stays as it is. */
export function fill(bytes: Bytes, { values, token }: Actor): Bytes {
  if (!bytes.includes('{{')) return bytes
  return bytes.replaceAll(/{{(\w+)(?::(\w+))?}}/g, (whole, name: string, how?: string) => {
    if (name !== 'token') return values[name] ?? whole
    return how === undefined ? token : (mangles[how]?.(token) ?? whole)
  })
}
