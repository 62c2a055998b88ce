import type { Logger } from '../log.js'
import { createAdministrators } from './accounts.js'
import { createAdminSessions } from './admin-sessions.js'
import { createAudit } from './audit.js'
import type { IdentityDeps } from './deps.js'
import { createFirstLink } from './first-administrator.js'
import { createOwnAccount } from './own-account.js'
import { createPasskeys } from './passkeys.js'
import { createAdminPasswords } from './passwords.js'
import { createSignIn } from './sign-in.js'

export type Identity = ReturnType<typeof createIdentity>

/** Everything about who may use the panel. */
export function createIdentity(deps: IdentityDeps & { readonly log: Logger }) {
  const { database, stores, clock } = deps
  const passwords = createAdminPasswords(deps)
  const parts = { passwords, sessions: createAdminSessions(deps), passkeys: createPasskeys(deps) }
  const signIn = createSignIn(deps, parts)
  return {
    isNew: () => stores.administrators.isEmpty(database),
    sessions: parts.sessions,
    signIn,
    own: createOwnAccount(deps, { ...parts, done: signIn.done }),
    accounts: createAdministrators({ ...deps, passwords }),
    audit: createAudit(deps),
    firstLink: createFirstLink(clock),
  }
}
