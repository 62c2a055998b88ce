import type { LoginId } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { createAccess } from './access-tokens.js'
import { createPasswordChanges } from './change-password.js'
import type { SessionsDeps } from './deps.js'
import { emailKey } from './email-key.js'
import { createLogIn } from './log-in.js'
import type { Sessions } from './sessions.js'
import { createTokens } from './tokens.js'

/** Resolves once this long has passed since `begun`: an answer that comes at the same time for every reason. */
async function noSoonerThan(ms: number, begun: number, now: () => number): Promise<void> {
  const rest = begun + ms - now()
  if (rest > 0) await new Promise(resolve => setTimeout(resolve, rest))
}

/** Logins, tokens, passwords and their recovery. */
export function createSessions(deps: SessionsDeps): Sessions {
  const { keys, mail, resetCodes, throttles, clock } = deps
  const tokens = createTokens({ keys, clock })
  const { prove, ...logIn } = createLogIn(deps, tokens)

  return {
    ...logIn,
    ...createAccess(deps, tokens),
    ...createPasswordChanges(deps, tokens, prove),

    requestReset: email => mail.requestReset(email),

    async verifyResetCode(email, code) {
      const begun = clock.monotonic()
      const key = emailKey(email)
      const redeemed = (await throttles.resetCode(key)) && (await resetCodes.redeem(key, code))
      if (!redeemed) {
        await noSoonerThan(limits.refusedCodeMs, begun, clock.monotonic)
        throw new Refusal('invalid_code')
      }
      const { userId, resetId } = redeemed
      const claims = { userId, loginId: resetId as LoginId, tokenId: resetId, generation: 0 }
      return tokens.issue('reset', claims, limits.resetTokenMs)
    },

    jwks: keys.jwks,
  }
}
