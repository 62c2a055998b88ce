import type { SecondFactor } from '@switchboard/protocol/admin'
import { limits } from '../limits.js'
import type { IdentityDeps } from './deps.js'
import type { Administrator, SessionRow } from './stores.js'
import { csrfTokenOf, digestOf, newToken } from './tokens.js'

/** Whoever has one of these is asked for it. */
export function methodsOf({ totpSecret, passkeys, recoveryCodes }: Administrator): readonly SecondFactor[] {
  const methods: SecondFactor[] = []
  if (totpSecret !== null) methods.push('totp')
  if (passkeys > 0) methods.push('passkey')
  if (methods.length > 0 && recoveryCodes > 0) methods.push('recovery_code')
  return methods
}

/** A session as the guard of the panel asks for it. */
function viewOf(
  token: string,
  { administrator, awaitsSecondFactor, expiresAt }: SessionRow,
  strict: boolean,
) {
  const { id, name, role } = administrator
  const methods = methodsOf(administrator)
  const needs = strict && methods.length === 0 ? 'second_factor_setup' : 'nothing'
  return {
    administrator: { id, name, role },
    awaits: awaitsSecondFactor ? methods : undefined,
    needs,
    csrfToken: csrfTokenOf(token),
    expiresAt,
  } as const
}

/** Sessions of the panel. They live in the database, so that to disable somebody is in force at once, on every node. */
export function createAdminSessions({ database, stores, clock, strict }: IdentityDeps) {
  const { sessions } = stores
  const idleSince = (now: number) => new Date(now - limits.adminIdleMs)

  return {
    /** Resolves with its token, which nobody but the browser has. */
    async begin(administratorId: string, awaitsSecondFactor: boolean): Promise<string> {
      const now = clock.wall()
      const token = newToken()
      const life = awaitsSecondFactor ? limits.adminSecondFactorMs : limits.adminSessionMs
      const session = {
        ...{ tokenHash: digestOf(token), administratorId, awaitsSecondFactor },
        ...{ createdAt: new Date(now), expiresAt: new Date(now + life) },
      }
      await sessions.begin(database, session, idleSince(now), limits.adminSessionsMost)
      return token
    },

    async find(token: string) {
      const now = clock.wall()
      const tokenHash = digestOf(token)
      const row = await sessions.find(database, tokenHash, new Date(now), idleSince(now))
      if (!row) return undefined
      if (now - row.seenAt.getTime() >= limits.adminSeenMs)
        await sessions.seen(database, tokenHash, new Date(now))
      return viewOf(token, row, strict)
    },

    end: (token: string): Promise<void> => sessions.end(database, digestOf(token)),
  }
}
