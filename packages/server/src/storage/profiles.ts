import type { PhoneNumber, UserId } from '@switchboard/protocol'
import { batched } from '../batched.js'
import type { Privacy, Reached } from '../directory/directory.js'
import type { ProfileStore } from '../directory/stores.js'
import { limits } from '../limits.js'
import { type Queryable, statement } from './database.js'

interface ProfileRow {
  readonly userId: UserId
  readonly phoneNumber: PhoneNumber
  readonly blockedUsers: UserId[]
  readonly blockedNumbers: PhoneNumber[]
}

const byIds = statement<ProfileRow>(
  'profiles.by_ids',
  `select u.id as "userId", u.phone_number as "phoneNumber",
     array(select b.user_id::text from blocks b where b.owner_id = u.id and b.user_id is not null) as "blockedUsers",
     array(select b.phone_number from blocks b where b.owner_id = u.id) as "blockedNumbers"
   from users u
   where u.id = any($1::uuid[]) and u.disabled_at is null`,
)
// One statement whatever the answer is, so that its time does not tell an unknown number from one that blocks.
const locate = statement<Reached>(
  'profiles.locate',
  `select "userId", "isStranger", (strict or "wantsRelays") and ("isStranger" or not "isKnown") as "relayOnly"
   from (
     select u.id as "userId", u.calls_from_contacts_only as "wantsContacts",
       not exists (select 1 from contacts c where c.owner_id = u.id and c.contact_id = $1) as "isStranger",
       exists (select 1 from contacts c where c.owner_id = $1 and c.contact_id = u.id) as "isKnown",
       u.relay_only_for_strangers or exists (select 1 from users me where me.id = $1 and me.relay_only_for_strangers)
         as "wantsRelays",
       $3::boolean as strict
     from users u
     where u.phone_number = $2 and u.disabled_at is null
       and not exists (
         select 1 from blocks b
         where b.owner_id = u.id
           and (b.user_id = $1 or b.phone_number = (select me.phone_number from users me where me.id = $1))
       )
   ) found
   where not ("isStranger" and (strict or "wantsContacts"))`,
)
const privacy = statement<Privacy>(
  'profiles.privacy',
  `select relay_only_for_strangers as "relayOnlyForStrangers", calls_from_contacts_only as "callsFromContactsOnly"
   from users where id = $1`,
)
const changePrivacy = statement<Privacy>(
  'profiles.change_privacy',
  `update users set
     relay_only_for_strangers = coalesce($2::boolean, relay_only_for_strangers),
     calls_from_contacts_only = coalesce($3::boolean, calls_from_contacts_only)
   where id = $1
   returning relay_only_for_strangers as "relayOnlyForStrangers", calls_from_contacts_only as "callsFromContactsOnly"`,
)

/** What signaling asks of users, and asks often: of all who connect at once with one statement. */
export const pgProfiles = (db: Queryable): ProfileStore => ({
  byId: batched(async (ids: readonly UserId[]) => {
    const rows = await db.query(byIds, [ids])
    return new Map(
      rows.map(row => [
        row.userId,
        {
          ...row,
          blockedUsers: new Set(row.blockedUsers),
          blockedNumbers: new Set(row.blockedNumbers),
        },
      ]),
    )
  }, limits.profilesReadAtOnce),

  locate: async (callerId, number, strict) => (await db.query(locate, [callerId, number, strict]))[0],
  privacy: async id => (await db.query(privacy, [id]))[0],
  async changePrivacy(id, { relayOnlyForStrangers, callsFromContactsOnly }) {
    const values = [id, relayOnlyForStrangers ?? null, callsFromContactsOnly ?? null]
    return (await db.query(changePrivacy, values))[0]
  },
})
