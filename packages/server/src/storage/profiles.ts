import type { PhoneNumber, UserId } from '@switchboard/protocol'
import type { ProfileStore } from '../directory/stores.js'
import { type Queryable, statement } from './database.js'

interface ProfileRow {
  readonly userId: UserId
  readonly phoneNumber: PhoneNumber
  readonly blockedUsers: UserId[]
  readonly blockedNumbers: PhoneNumber[]
}

const byId = statement<ProfileRow>(
  'profiles.by_id',
  `select u.id as "userId", u.phone_number as "phoneNumber",
     array(select b.user_id::text from blocks b where b.owner_id = u.id and b.user_id is not null) as "blockedUsers",
     array(select b.phone_number from blocks b where b.owner_id = u.id) as "blockedNumbers"
   from users u
   where u.id = $1 and u.disabled_at is null`,
)
// One statement whatever the answer is, so that its time does not tell an unknown number from one that blocks.
const locate = statement<{ id: UserId }>(
  'profiles.locate',
  `select u.id from users u
   where u.phone_number = $2 and u.disabled_at is null
     and not exists (
       select 1 from blocks b
       where b.owner_id = u.id
         and (b.user_id = $1 or b.phone_number = (select me.phone_number from users me where me.id = $1))
     )
     and (not $3::boolean or exists (
       select 1 from contacts c where c.owner_id = u.id and c.contact_id = $1
     ))`,
)

/** What signaling asks of users, and asks often. */
export const pgProfiles = (db: Queryable): ProfileStore => ({
  async byId(id) {
    const [row] = await db.query(byId, [id])
    return (
      row && {
        ...row,
        blockedUsers: new Set(row.blockedUsers),
        blockedNumbers: new Set(row.blockedNumbers),
      }
    )
  },

  locate: async (callerId, number, contactsOnly) =>
    (await db.query(locate, [callerId, number, contactsOnly]))[0]?.id,
})
