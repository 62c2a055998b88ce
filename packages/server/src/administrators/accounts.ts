import type { AdministratorRow, Role } from '@switchboard/protocol/admin'
import { limits } from '../limits.js'
import type { Queryable } from '../storage/database.js'
import { AdminRefusal } from './admin-refusal.js'
import { methodsOf } from './admin-sessions.js'
import type { IdentityDeps } from './deps.js'
import { nameKey, secondFactorKey, signInKey } from './names.js'
import type { createAdminPasswords } from './passwords.js'
import type { Administrator } from './stores.js'
import { digestOf, newToken } from './tokens.js'

/** What lets somebody choose a password: handed over by an owner, or printed by the command line. */
export interface Invitation {
  readonly id: string
  readonly token: string
  readonly expiresAt: Date
}

export type AccountsDeps = Pick<IdentityDeps, 'database' | 'stores' | 'throttles' | 'clock' | 'newId'> & {
  readonly passwords: ReturnType<typeof createAdminPasswords>
}

/** Who the administrators are, and which role each has. One owner stays, whatever is done. */
export function createAdministrators({ database, stores, throttles, clock, newId, passwords }: AccountsDeps) {
  const { administrators, sessions } = stores

  async function known(db: Queryable, id: string): Promise<Administrator> {
    const administrator = await administrators.byId(db, id)
    if (!administrator) throw new AdminRefusal('administrator_not_found')
    return administrator
  }

  /** For what takes an owner's power: fails when it is the last one's. */
  const asLongAsAnOwnerStays = <T>(id: string, work: (tx: Queryable) => Promise<T>): Promise<T> =>
    database.transaction(async tx => {
      const owners = await administrators.lockOwners(tx)
      await known(tx, id)
      if (owners.length === 1 && owners[0] === id) throw new AdminRefusal('last_owner')
      return work(tx)
    })

  const newInvitation = () => ({ token: newToken(), expiresAt: new Date(clock.wall() + limits.invitationMs) })

  async function invitedAnew(tx: Queryable, id: string): Promise<Invitation> {
    const { token, expiresAt } = newInvitation()
    await administrators.invite(tx, id, digestOf(token), expiresAt)
    await sessions.endAll(tx, id)
    return { id, token, expiresAt }
  }

  /** Wrong guesses so far were somebody else's. */
  async function forgetGuesses({ id, name }: Administrator) {
    await throttles.forgetFailedLogins(signInKey(name))
    await throttles.forgetFailedLogins(secondFactorKey(id))
  }

  return {
    async create(name: string, role: Role, password: string, onlyFirst = false): Promise<string> {
      const id = newId()
      const passwordHash = await passwords.hashNew(password, name, '/password')
      const added = await administrators.add(
        database,
        {
          ...{ id, name: name.trim(), nameKey: nameKey(name), role, passwordHash },
          ...{ invitation: null, invitationExpiresAt: null, createdAt: new Date(clock.wall()) },
        },
        onlyFirst,
      )
      if (!added) throw new AdminRefusal(onlyFirst ? 'link_spent' : 'name_taken')
      return id
    },

    async invite(name: string, role: Role): Promise<Invitation> {
      const id = newId()
      const { token, expiresAt } = newInvitation()
      const administrator = {
        ...{ id, name: name.trim(), nameKey: nameKey(name), role, passwordHash: null },
        ...{ invitation: digestOf(token), invitationExpiresAt: expiresAt, createdAt: new Date(clock.wall()) },
      }
      if (!(await administrators.add(database, administrator, false))) throw new AdminRefusal('name_taken')
      return { id, token, expiresAt }
    },

    /** Whoever has the link chooses a password, and a name if they like another one. */
    async accept(token: string, name: string | undefined, password: string): Promise<string> {
      const invited = await administrators.byInvitation(database, digestOf(token), new Date(clock.wall()))
      if (!invited) throw new AdminRefusal('link_spent')
      const { id } = invited
      const chosen = name ?? invited.name
      const hash = await passwords.hashNew(password, chosen, '/password')
      await database.transaction(async tx => {
        if (!(await administrators.rename(tx, id, chosen.trim(), nameKey(chosen)))) {
          throw new AdminRefusal('name_taken')
        }
        if (!(await administrators.setPassword(tx, id, hash, null))) throw new AdminRefusal('link_spent')
      })
      await forgetGuesses({ ...invited, name: chosen })
      return id
    },

    async list(): Promise<readonly AdministratorRow[]> {
      return (await administrators.list(database)).map(administrator => ({
        id: administrator.id,
        name: administrator.name,
        role: administrator.role,
        isDisabled: administrator.disabledAt !== null,
        hasSecondFactor: methodsOf(administrator).length > 0,
        createdAt: administrator.createdAt.toISOString(),
        lastSignInAt: administrator.lastSignInAt?.toISOString() ?? null,
        isInvited: administrator.passwordHash === null,
      }))
    },

    byName: (name: string) => administrators.byName(database, nameKey(name)),

    async setRole(id: string, role: Role): Promise<void> {
      if (role === 'owner')
        return database.transaction(async tx => {
          await known(tx, id)
          await administrators.setRole(tx, id, role)
        })
      await asLongAsAnOwnerStays(id, tx => administrators.setRole(tx, id, role))
    },

    disable: (id: string): Promise<void> =>
      asLongAsAnOwnerStays(id, async tx => {
        await administrators.setDisabled(tx, id, new Date(clock.wall()))
        await sessions.endAll(tx, id)
      }),

    async enable(id: string): Promise<void> {
      await known(database, id)
      await administrators.setDisabled(database, id, null)
    },

    remove: (id: string): Promise<void> =>
      asLongAsAnOwnerStays(id, async tx => {
        await administrators.remove(tx, id, new Date(clock.wall()))
        await sessions.endAll(tx, id)
      }),

    /** Password and second factors are gone, and a new link lets in. Of the last owner only from the command line. */
    reset: (id: string): Promise<Invitation> => asLongAsAnOwnerStays(id, tx => invitedAnew(tx, id)),

    async resetAnybody(id: string): Promise<Invitation> {
      const administrator = await known(database, id)
      const invitation = await database.transaction(tx => invitedAnew(tx, id))
      await forgetGuesses(administrator)
      return invitation
    },
  }
}
