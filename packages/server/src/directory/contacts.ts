import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { living } from './accounts.js'
import { firstId, idOf, pageOf } from './cursor.js'
import { type DirectoryDeps, numberOf } from './deps.js'
import type { Directory, User } from './directory.js'
import type { ListedContact } from './stores.js'

type Contacts = Pick<Directory, 'addContact' | 'contacts' | 'deleteContact' | 'mutualContacts'>

/** Who a user has written down. A contact points at a user: it follows that user's number and name. */
export function contacts(deps: DirectoryDeps): Contacts {
  const { database, canonicalise, stores } = deps
  const mutualOnly = deps.securityProfile === 'strict'

  return {
    async addContact(id, written) {
      const number = numberOf(canonicalise, written, '/contact_phonenumber')
      return database.transaction(async tx => {
        const owner = living(await stores.users.lock(tx, id))
        if (owner.phoneNumber === number) throw new Refusal('cannot_add_self')
        const added = await stores.contacts.add(tx, {
          id: deps.newId(),
          ownerId: id,
          number,
          createdAt: new Date(deps.clock.wall()),
          atMost: limits.contactsPerUser,
          askMutual: mutualOnly,
        })
        switch (added.outcome) {
          case 'unknown':
            throw new Refusal('user_not_found')
          case 'exists':
            throw new Refusal('contact_exists')
          case 'full':
            throw new Refusal(
              'rate_limited',
              `You have ${limits.contactsPerUser} contacts: delete one first`,
              {
                retryAfterSeconds: limits.fullListRetrySeconds,
              },
            )
          case 'added':
            return shown(added.contact)
        }
      })
    },

    async contacts(id, { limit, cursor }) {
      const after = cursor === undefined ? firstId : idOf(cursor)
      const found = await stores.contacts.page(id, after, limit + 1, mutualOnly)
      const { items, nextCursor } = pageOf(found, limit, contact => contact.id)
      return { items: items.map(shown), nextCursor }
    },

    async deleteContact(id, written) {
      const number = numberOf(canonicalise, written, '/contact_phonenumber')
      if (!(await stores.contacts.remove(id, number))) throw new Refusal('contact_not_found')
    },

    mutualContacts: id => stores.contacts.mutual(id),
  }
}

/** Names and emails are not for those whom the user has not added (strict profile, contract section 1). */
export const shown = ({ user, mutual }: ListedContact): User =>
  mutual ? user : { ...user, firstname: '', lastname: '', email: '' }
