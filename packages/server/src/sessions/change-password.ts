import type { LoginId, UserId } from '@switchboard/protocol'
import { wireLimits } from '@switchboard/protocol'
import { Refusal } from '../refusal.js'
import type { Queryable } from '../storage/database.js'
import type { AccountEvent } from './account-events.js'
import type { SessionsDeps } from './deps.js'
import { emailKey } from './email-key.js'
import { endLogins } from './end-logins.js'
import { canonicalPassword, judgePassword } from './passwords.js'
import type { PasswordContext, Sessions } from './sessions.js'
import type { Account } from './stores.js'
import type { Tokens } from './tokens.js'

interface Change {
  readonly account: Account
  readonly hash: string
  /** The hash that must still stand; undefined: whatever stands. */
  readonly replaces: string | undefined
  readonly keep?: { readonly loginId: LoginId; readonly tokenId: string | undefined }
}

/** New passwords: at registration, by the old one, by a reset. */
export function createPasswordChanges(
  deps: SessionsDeps,
  tokens: Tokens,
  prove: (account: Account | undefined, password: string) => Promise<Account>,
): Pick<Sessions, 'hashNewPassword' | 'changePassword' | 'resetPassword'> {
  const { config, database, stores, hashing, events, mail, clock } = deps
  const { credentials, logins, resets } = stores
  const minLength =
    config.securityProfile === 'strict' ? wireLimits.passwordMinStrict : wireLimits.passwordMin

  async function hashNew(password: string, context: PasswordContext, path: string): Promise<string> {
    await judgePassword(password, context, minLength, path)
    return hashing.hash(canonicalPassword(password))
  }

  /** The account's row first, so that changes of one account wait for each other and none is half done. */
  async function replace(tx: Queryable, change: Change): Promise<readonly AccountEvent[] | undefined> {
    const { account, hash, replaces, keep } = change
    const { userId } = account
    if (!(await credentials.replaceHash(tx, userId, hash, replaces))) return undefined
    await resets.voidAll(tx, userId, new Date(clock.wall()))
    const ended = await endLogins(deps, tx, {
      userId,
      reason: 'password_changed',
      ...(keep && { except: keep.loginId }),
    })
    const profileChanged: AccountEvent = { kind: 'profile_changed', userId } // the kept login is another one now
    if (keep?.tokenId) {
      await logins.keepToken(tx, keep.loginId, keep.tokenId)
      await events.record(tx, profileChanged)
    }
    await mail.notify(tx, 'password_changed', account.email)
    return keep?.tokenId ? [...ended, profileChanged] : ended
  }

  async function accountOfResetToken(resetId: string, userId: UserId, email: string): Promise<Account> {
    const owner = await resets.accountOfToken(database, resetId, new Date(clock.wall()))
    if (owner?.userId !== userId) throw new Refusal('invalid_token')
    if (owner.emailKey !== emailKey(email)) throw new Refusal('wrong_account')
    const account = await credentials.byUser(database, userId)
    if (!account) throw new Refusal('invalid_token')
    return account
  }

  const announce = (told: readonly AccountEvent[]) => {
    for (const event of told) events.announce(event)
  }

  return {
    hashNewPassword: (password, context) => hashNew(password, context, '/password'),

    async changePassword({ userId, loginId, tokenId }, current, next) {
      const account = await credentials.byUser(database, userId)
      if (!account) throw new Refusal('invalid_token')
      await prove(account, current)
      const hash = await hashNew(next, account, '/new_password')
      const keep = { loginId, tokenId }
      const told = await database.transaction(tx =>
        replace(tx, { account, hash, replaces: account.passwordHash, keep }),
      )
      if (!told) throw new Refusal('invalid_credentials') // somebody else changed it first
      announce(told)
    },

    async resetPassword(resetToken, email, password) {
      const { tokenId: resetId, userId } = await tokens.verify('reset', resetToken)
      const account = await accountOfResetToken(resetId, userId, email)
      const hash = await hashNew(password, account, '/new_password')
      const told = await database.transaction(async tx => {
        await resets.lockAccount(tx, userId)
        // Only now is the token spent: a weak password or another's email has left it as it was.
        if (!(await resets.useToken(tx, resetId, new Date(clock.wall())))) return undefined
        await deps.throttles.forgetFailedLogins(emailKey(email), tx)
        return replace(tx, { account, hash, replaces: undefined })
      })
      if (!told) throw new Refusal('invalid_token')
      announce(told)
    },
  }
}
