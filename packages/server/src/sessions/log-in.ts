import type { LoginId } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { loginEnd } from './access-tokens.js'
import type { SessionsDeps } from './deps.js'
import { emailKey } from './email-key.js'
import { dummyHash } from './hashing.js'
import { canonicalPassword, passwordFault } from './passwords.js'
import type { Sessions } from './sessions.js'
import type { Account } from './stores.js'
import type { Tokens } from './tokens.js'

/** Proofs of a password: logging in, and confirming it for what asks for it again. */
export function createLogIn(
  deps: SessionsDeps,
  tokens: Tokens,
): Pick<Sessions, 'login' | 'confirmPassword'> & {
  /** Refuses with `invalid_credentials` when it is not the account's password. */
  prove(account: Account | undefined, password: string): Promise<Account>
} {
  const { config, database, stores, hashing, clock, newId } = deps

  async function prove(account: Account | undefined, password: string): Promise<Account> {
    // Unknown, disabled or impossible: the work is the same, and so is the answer.
    const possible = account !== undefined && passwordFault(password) === undefined
    const right = await hashing.verify(
      possible ? account.passwordHash : dummyHash,
      possible ? canonicalPassword(password) : '',
    )
    if (!possible || !right) throw new Refusal('invalid_credentials')
    return account
  }

  /** The hash that stands afterwards: made anew when it was made with less than we ask for today. */
  async function strengthen({ userId, passwordHash }: Account, password: string): Promise<string> {
    if (!hashing.isWeak(passwordHash)) return passwordHash
    const hash = await hashing.hash(canonicalPassword(password))
    const replaced = await stores.credentials.replaceHash(database, userId, hash, passwordHash)
    return replaced ? hash : passwordHash
  }

  async function tryLogin(email: string, password: string) {
    const account = await prove(await stores.credentials.byEmail(database, emailKey(email)), password)
    const hash = await strengthen(account, password)
    const { userId } = account
    const loginId = newId() as LoginId
    const now = clock.wall()
    await stores.logins.prune(database, userId, new Date(now - limits.deadRowsMs))
    const login = { loginId, userId, createdAt: new Date(now), expiresAt: loginEnd(now, config) }
    const begun = await stores.logins.begin(database, login, hash)
    return begun ? { userId, loginId, tokenId: newId(), generation: 0 } : undefined
  }

  return {
    prove,

    async login(email, password) {
      // The hash may be another one by the time the login begins: changed, or only made stronger by a parallel login.
      const claims = (await tryLogin(email, password)) ?? (await tryLogin(email, password))
      if (!claims) throw new Refusal('invalid_credentials')
      return tokens.issue('access', claims, config.tokenTtlSeconds * 1_000)
    },

    async confirmPassword(userId, password) {
      await prove(await stores.credentials.byUser(database, userId), password)
    },
  }
}
