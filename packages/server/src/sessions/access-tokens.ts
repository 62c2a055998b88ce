import type { LoginId, UserId } from '@switchboard/protocol'
import { batched } from '../batched.js'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import type { Access } from './access.js'
import type { SessionsDeps } from './deps.js'
import { endLogins } from './end-logins.js'
import { createLoginMemory, type FoundLogin } from './login-memory.js'
import type { Sessions } from './sessions.js'
import type { LoginState } from './stores.js'
import type { TokenClaims, Tokens } from './tokens.js'

/** After a change of password one token of the login is left, and those made since. */
const counts = (claims: TokenClaims, state: LoginState): boolean =>
  claims.generation === state.generation || claims.tokenId === state.keptToken

/** Tokens and the logins they belong to: access, renewal, logout. */
export function createAccess(
  deps: SessionsDeps,
  tokens: Tokens,
): Pick<Sessions, 'access' | 'renew' | 'logout' | 'logoutEverywhere'> {
  const { config, database, stores, events, clock, newId } = deps
  const memory = createLoginMemory({
    read: batched(
      (loginIds: readonly LoginId[]) => stores.logins.find(database, loginIds, new Date(clock.wall())),
      limits.loginsReadAtOnce,
    ),
    isCurrent: events.isCurrent,
    clock,
  })
  events.subscribe(memory.forget)

  async function loginOf({ loginId }: TokenClaims): Promise<FoundLogin | undefined> {
    try {
      return await memory.find(loginId)
    } catch (error) {
      if ((error as Error).name !== 'DatabaseUnavailable') throw error
      throw new Refusal('service_unavailable', undefined, { retryAfterSeconds: 1 })
    }
  }

  return {
    async access(token): Promise<Access> {
      const claims = await tokens.verify('access', token)
      const login = await loginOf(claims)
      if (login?.state.userId !== claims.userId || !counts(claims, login.state))
        throw new Refusal('invalid_token')
      const { userId, loginId, tokenId, expiresAt } = claims
      const phoneNumber = login.isOfNow ? login.state.phoneNumber : undefined
      return { userId, loginId, tokenId, expiresAt, phoneNumber }
    },

    async renew({ userId, loginId }) {
      const now = clock.wall()
      const end = loginEnd(now, config)
      const generation = await stores.logins.extend(database, loginId, new Date(now), end)
      if (generation === undefined) throw new Refusal('invalid_token')
      const claims = { userId, loginId, tokenId: newId(), generation }
      return tokens.issue('access', claims, config.tokenTtlSeconds * 1_000)
    },

    async logout({ userId, loginId }) {
      const event = { kind: 'logins_ended', userId, loginId, reason: 'logout' } as const
      await database.transaction(async tx => {
        const ended = await stores.logins.end(tx, loginId, new Date(clock.wall()))
        if (ended) await events.record(tx, event)
      })
      events.announce(event)
    },

    async logoutEverywhere(userId: UserId) {
      const told = await database.transaction(tx => endLogins(deps, tx, { userId, reason: 'logout' }))
      for (const event of told) events.announce(event)
    },
  }
}

/** A login outlives its idle time or its newest token, whichever is longer. */
export const loginEnd = (now: number, { tokenTtlSeconds }: SessionsDeps['config']): Date =>
  new Date(now + loginLifeMs({ tokenTtlSeconds }))

/** Since it was last given a token. */
export const loginLifeMs = ({ tokenTtlSeconds }: Pick<SessionsDeps['config'], 'tokenTtlSeconds'>): number =>
  Math.max(limits.loginIdleMs, tokenTtlSeconds * 1_000)
