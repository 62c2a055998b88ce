import type { UserId } from '@switchboard/protocol'
import { batched } from '../batched.js'
import type { User } from '../directory/directory.js'
import type { ContactStore, ListedContact } from '../directory/stores.js'
import { limits } from '../limits.js'
import { type Queryable, statement } from './database.js'

const userColumns = 'u.id, u.phone_number as "phoneNumber", u.email, u.firstname, u.lastname'

/** Asks for a contact in the other direction only when the flag says so: the `case` spares the look-up. */
const mutual = (flag: string, owner: string, contact: string) =>
  `case when ${flag}::boolean then exists (
     select 1 from contacts back where back.owner_id = ${contact} and back.contact_id = ${owner}
   ) else true end as mutual`

interface Added extends User {
  readonly present: boolean
  readonly full: boolean
  readonly added: boolean
  readonly mutual: boolean
}

// The user found is locked, so that it is still there when the contact points at it.
const add = statement<Added>(
  'contacts.add',
  `with found as (
     select id, phone_number, email, firstname, lastname from users where phone_number = $3 for key share
   ), standing as (
     select count(*) >= $5 as full from contacts where owner_id = $2
   ), added as (
     insert into contacts (id, owner_id, contact_id, created_at)
     select $1, $2, found.id, $4 from found, standing where not standing.full
     on conflict (owner_id, contact_id) do nothing
     returning contact_id
   )
   select ${userColumns},
     exists (select 1 from contacts c where c.owner_id = $2 and c.contact_id = u.id) as present,
     standing.full as full,
     exists (select 1 from added) as added,
     ${mutual('$6', '$2', 'u.id')}
   from found u, standing`,
)
interface Listed extends User {
  /** Whose page it is on, counted from 1. */
  readonly asked: number
  readonly contactId: string
  readonly addedAt: Date
  readonly mutual: boolean
}

// Of several pages that are asked for at once, each its own way through the index.
const pages = statement<Listed>(
  'contacts.pages',
  `select w.asked::integer as asked, p.*
   from unnest($1::uuid[], $2::uuid[]) with ordinality as w (owner, after, asked)
   cross join lateral (
     select c.id as "contactId", c.created_at as "addedAt", ${userColumns},
       ${mutual('$4', 'c.owner_id', 'c.contact_id')}
     from contacts c join users u on u.id = c.contact_id
     where c.owner_id = w.owner and c.id > w.after
     order by c.id
     limit $3
   ) p
   order by w.asked, p."contactId"`,
)
const remove = statement<{ contact_id: string }>(
  'contacts.remove',
  `delete from contacts
   where owner_id = $1 and contact_id = (select id from users where phone_number = $2)
   returning contact_id`,
)
const mutualOf = statement<User>(
  'contacts.mutual',
  `select ${userColumns}
   from contacts c
   join contacts back on back.owner_id = c.contact_id and back.contact_id = c.owner_id
   join users u on u.id = c.contact_id
   where c.owner_id = $1
   order by c.id`,
)

const userOf = ({ id, phoneNumber, email, firstname, lastname }: User): User => ({
  id,
  phoneNumber,
  email,
  firstname,
  lastname,
})

interface Page {
  readonly ownerId: UserId
  readonly after: string
  readonly limit: number
  readonly askMutual: boolean
}

function pagesOf(db: Queryable): ContactStore['page'] {
  const pageOf = batched(async (asked: readonly Page[]) => {
    const found = new Map(asked.map((page): [Page, ListedContact[]] => [page, []]))
    const rows = await db.query(pages, [
      asked.map(({ ownerId }) => ownerId),
      asked.map(({ after }) => after),
      Math.max(...asked.map(({ limit }) => limit)),
      asked.some(({ askMutual }) => askMutual), // a setting of the server: of all or of none
    ])
    for (const row of rows) {
      const page = asked[row.asked - 1]
      const list = page && found.get(page)
      if (!list || list.length === page.limit) continue
      list.push({ id: row.contactId, addedAt: row.addedAt, user: userOf(row), mutual: row.mutual })
    }
    return found
  }, limits.pagesReadAtOnce)
  return async (ownerId, after, limit, askMutual) =>
    (await pageOf({ ownerId, after, limit, askMutual })) ?? []
}

export const pgContacts = (db: Queryable): ContactStore => ({
  async add(tx, { id, ownerId, number, createdAt, atMost, askMutual }) {
    const [row] = await tx.query(add, [id, ownerId, number, createdAt, atMost, askMutual])
    if (!row) return { outcome: 'unknown' }
    if (row.present) return { outcome: 'exists' }
    if (!row.added) return { outcome: row.full ? 'full' : 'exists' }
    return { outcome: 'added', contact: { id, addedAt: createdAt, user: userOf(row), mutual: row.mutual } }
  },

  page: pagesOf(db),

  remove: async (ownerId, number) => (await db.query(remove, [ownerId, number])).length > 0,

  mutual: ownerId => db.query(mutualOf, [ownerId]),
})
