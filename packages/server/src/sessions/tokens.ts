import { createHash } from 'node:crypto'
import type { LoginId, UserId } from '@switchboard/protocol'
import { decodeProtectedHeader, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { boundedMap } from '../bounded-map.js'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import type { IssuedToken } from './access.js'
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

  async function check(purpose: Purpose, token: string): Promise<VerifiedClaims> {
    const { kid } = decodeProtectedHeader(token)
    const key = kid === undefined ? undefined : await keys.byId(kid)
    if (!key) throw new Refusal('invalid_token')
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: [key.alg],
      typ: typeOf[purpose],
      issuer,
      audience: issuer,
      requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
      clockTolerance: limits.tokenLeewaySeconds,
      currentDate: new Date(clock.wall()),
    })
    if (payload.purpose !== purpose) throw new Refusal('invalid_token')
    return { ...claimsOf(payload), kid: key.kid }
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
      let claims: VerifiedClaims
      try {
        claims = await check(purpose, token)
      } catch {
        remembered.delete(digest)
        throw new Refusal('invalid_token') // whatever was wrong with it: one answer
      }
      if (purpose === 'access') remembered.set(digest, claims)
      return claims
    },
  }
}

function claimsOf({ sub, sid, jti, gen, exp }: JWTPayload): TokenClaims {
  const texts = [sub, sid, jti].every(claim => typeof claim === 'string')
  if (!texts || typeof gen !== 'number' || exp === undefined) throw new Refusal('invalid_token')
  return {
    userId: sub as UserId,
    loginId: sid as LoginId,
    tokenId: jti as string,
    generation: gen,
    expiresAt: new Date(exp * 1_000),
  }
}
