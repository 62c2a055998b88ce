import { createHmac, createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What floors and peers trust tokens by; the cheapest verification that is one. */
export const floorSecret = 'a secret that only the bench uses'

export function floorToken(number: string): string {
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: number, jti: randomUUID() })}`
  return `${body}.${createHmac('sha256', floorSecret).update(body).digest('base64url')}`
}

export interface TokenSubject {
  readonly userId: string
  readonly loginId: string
}

const signature = (alg: string, key: KeyObject, body: string): Buffer => {
  const data = Buffer.from(body)
  if (alg === 'EdDSA') return sign(null, data, key)
  return sign('sha256', data, alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key)
}

/** Makes access tokens as the server would, by its own key: logging in costs 13 ms each, and ten thousand are needed. */
export async function tokenMaker(
  keyFile: string,
  jwks: { readonly keys: readonly { readonly kid: string; readonly alg: string }[] },
): Promise<(subject: TokenSubject) => string> {
  const key = createPrivateKey(await readFile(keyFile))
  const [known] = jwks.keys
  if (!known) throw new Error('the server shows no key')
  const { kid, alg } = known
  return ({ userId, loginId }) => {
    const iat = Math.floor(Date.now() / 1_000)
    const claims = { sid: loginId, gen: 0, purpose: 'access', iss: 'switchboard', aud: 'switchboard' }
    const body = `${encode({ alg, kid, typ: 'at+jwt' })}.${encode({ ...claims, sub: userId, jti: randomUUID(), iat, exp: iat + 86_400 })}`
    return `${body}.${signature(alg, key, body).toString('base64url')}`
  }
}
