import { wireLimits } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { dummyHash } from '../sessions/hashing.js'
import { canonicalPassword, judgePassword, passwordFault } from '../sessions/passwords.js'
import type { IdentityDeps } from './deps.js'
import type { Administrator } from './stores.js'

/** Passwords of administrators: the rules of everybody's, and longer. */
export function createAdminPasswords({
  database,
  stores,
  hashing,
  strict,
}: Pick<IdentityDeps, 'database' | 'stores' | 'hashing' | 'strict'>) {
  const minLength = strict ? wireLimits.passwordMinStrict : limits.adminPasswordMin

  return {
    async hashNew(password: string, name: string, path: string): Promise<string> {
      const context = { email: '', phoneNumber: '', firstname: name, lastname: '' }
      await judgePassword(password, context, minLength, path)
      return hashing.hash(canonicalPassword(password))
    },

    /** Refuses with `invalid_credentials`, after the same work whether there is such an administrator or not. */
    async prove(administrator: Administrator | undefined, password: string): Promise<Administrator> {
      const hash = administrator?.disabledAt === null ? administrator.passwordHash : null
      const possible = hash !== null && passwordFault(password) === undefined
      const right = await hashing.verify(
        possible ? hash : dummyHash,
        possible ? canonicalPassword(password) : '',
      )
      if (!administrator || !possible || !right) {
        throw new Refusal('invalid_credentials', 'Wrong name or password')
      }
      if (hashing.isWeak(hash)) {
        const stronger = await hashing.hash(canonicalPassword(password))
        await stores.administrators.setPassword(database, administrator.id, stronger, hash)
      }
      return administrator
    },
  }
}
