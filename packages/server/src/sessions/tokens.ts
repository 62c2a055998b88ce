import { createHash } from 'node:crypto'
import type { LoginId, UserId } from '@switchboard/protocol'
import { SignJWT } from 'jose'
import { boundedMap } from '../bounded-map.js'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import type { IssuedToken } from './access.js'
import { verifyCompact } from './compact-jws.js'
import type { KeyRing } from './keys.js'

/** The same on every node and after every restart, whatever name the server is reached by. */
const issuer = 'switchboard'

/** What a token is good for; one never passes for the other (RFC 8725 sections 3.11 and 3.12). */
export type Purpose = 'access' | 'reset'
const typeOf = { access: 'at+jwt', reset: 'reset+jwt' } as const satisfies Record<Purpose, string>

export interface TokenClaims {
  readonly userId: UserId
  /** `sid`: the login. A reset token has none; the reset stands in for it. */
  readonly loginId: LoginId
  /** `jti`. */
  readonly tokenId: string
  /** `gen`: what a change of password moves on. */
  readonly generation: number
  readonly expiresAt: Date
}

interface VerifiedClaims extends TokenClaims {
  readonly kid: string
}

export interface Tokens {
  issue(purpose: Purpose, claims: Omit<TokenClaims, 'expiresAt'>, lifeMs: number): Promise<IssuedToken>
  /** Refuses with `invalid_token`. */
  verify(purpose: Purpose, token: string): Promise<TokenClaims>
}

export interface TokensDeps {
  readonly keys: KeyRing
  readonly clock: Clock
}

const seconds = (ms: number): number => Math.floor(ms / 1_000)

export function createTokens({ keys, clock }: TokensDeps): Tokens {
  /** By digest: a token lies nowhere in memory longer than its request. */
  const remembered = boundedMap<string, VerifiedClaims>(limits.rememberedTokens)
  const stillGood = ({ expiresAt, kid }: VerifiedClaims) =>
    clock.wall() < expiresAt.getTime() + limits.tokenLeewaySeconds * 1_000 && keys.knows(kid)

  async function check(purpose: Purpose, token: string): Promise<VerifiedClaims | undefined> {
    const verified = await verifyCompact(token, keys.byId)
    if (verified?.typ !== typeOf[purpose]) return undefined
    const claims = claimsOf(verified.claims, purpose, seconds(clock.wall()))
    return claims && { ...claims, kid: verified.kid }
  }

  return {
    async issue(purpose, { userId, loginId, tokenId, generation }, lifeMs) {
      const key = await keys.signing()
      const now = seconds(clock.wall())
      const exp = now + seconds(lifeMs)
      const token = await new SignJWT({ sid: loginId, gen: generation, purpose })
        .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: typeOf[purpose] })
        .setIssuer(issuer)
        .setAudience(issuer)
        .setSubject(userId)
        .setJti(tokenId)
        .setIssuedAt(now)
        .setExpirationTime(exp)
        .sign(key.privateKey)
      return { token, expiresAt: new Date(exp * 1_000) }
    },

    async verify(purpose, token) {
      if (token.length > limits.tokenLength) throw new Refusal('invalid_token')
      const digest = purpose + createHash('sha256').update(token).digest('base64')
      const known = remembered.get(digest)
      if (known && stillGood(known)) return known
      const claims = await check(purpose, token).catch(() => undefined)
      if (!claims) {
        remembered.delete(digest)
        throw new Refusal('invalid_token') // whatever was wrong with it: one answer
      }
      if (purpose === 'access') remembered.set(digest, claims)
      return claims
    },
  }
}

/** What our own tokens say, and only as they say it; undefined for anything else (RFC 7519 section 4.1). */
function claimsOf(
  claims: Readonly<Record<string, unknown>>,
  purpose: Purpose,
  now: number,
): TokenClaims | undefined {
  const { iss, aud, sub, sid, jti, gen, iat, nbf, exp } = claims
  if (iss !== issuer || aud !== issuer || claims.purpose !== purpose) return undefined
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof jti !== 'string') return undefined
  if (typeof gen !== 'number' || typeof iat !== 'number' || typeof exp !== 'number') return undefined
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + limits.tokenLeewaySeconds))
    return undefined
  if (exp <= now - limits.tokenLeewaySeconds) return undefined
  return {
    userId: sub as UserId,
    loginId: sid as LoginId,
    tokenId: jti,
    generation: gen,
    expiresAt: new Date(exp * 1_000),
  }
}
