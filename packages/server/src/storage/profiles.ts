import type { PhoneNumber, UserId } from '@switchboard/protocol'
import { batched } from '../batched.js'
import type { Privacy, Profile, Reached } from '../directory/directory.js'
import type { ProfileStore } from '../directory/stores.js'
import { limits } from '../limits.js'
import { type Queryable, statement } from './database.js'

const byIds = statement<Profile>(
  'profiles.by_ids',
  `select id as "userId", phone_number as "phoneNumber" from users where id = any($1::uuid[]) and disabled_at is null`,
)
// One statement whatever the answer is, so that its time does not tell an unknown number from one that blocks.
const locate = statement<Reached & { asked: number }>(
  'profiles.locate_many',
  `select asked, "userId", "isStranger",
     (strict or "wantsRelays") and ("isStranger" or not "isKnown") as "relayOnly"
   from (
     select w.asked::integer as asked, u.id as "userId", u.calls_from_contacts_only as "wantsContacts",
       not exists (select 1 from contacts c where c.owner_id = u.id and c.contact_id = w.caller) as "isStranger",
       exists (select 1 from contacts c where c.owner_id = w.caller and c.contact_id = u.id) as "isKnown",
       u.relay_only_for_strangers
         or exists (select 1 from users me where me.id = w.caller and me.relay_only_for_strangers) as "wantsRelays",
       w.strict
     from unnest($1::uuid[], $2::text[], $3::boolean[]) with ordinality as w (caller, number, strict, asked)
     join users u on u.phone_number = w.number and u.disabled_at is null
     where not exists (
       select 1 from blocks b
       where b.owner_id = u.id
         and (b.user_id = w.caller
           or b.phone_number = (select me.phone_number from users me where me.id = w.caller))
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

interface Sought {
  readonly callerId: UserId
  readonly number: PhoneNumber
  readonly strict: boolean
}

/** What signaling asks of users, and asks often: of all who connect at once with one statement. */
export const pgProfiles = (db: Queryable): ProfileStore => ({
  ...locating(db),

  byId: batched(async (ids: readonly UserId[]) => {
    const rows = await db.query(byIds, [ids])
    return new Map(rows.map(row => [row.userId, row]))
  }, limits.profilesReadAtOnce),

  privacy: async id => (await db.query(privacy, [id]))[0],
  async changePrivacy(id, { relayOnlyForStrangers, callsFromContactsOnly }) {
    const values = [id, relayOnlyForStrangers ?? null, callsFromContactsOnly ?? null]
    return (await db.query(changePrivacy, values))[0]
  },
})

/** Of all who call at once with one statement: each costs a writing, a waking and a reading, whatever it asks. */
function locating(db: Queryable): Pick<ProfileStore, 'locate'> {
  const locateOne = batched(async (sought: readonly Sought[]) => {
    const rows = await db.query(locate, [
      sought.map(({ callerId }) => callerId),
      sought.map(({ number }) => number),
      sought.map(({ strict }) => strict),
    ])
    const found = new Map<Sought, Reached>()
    for (const { asked, ...reached } of rows) {
      const one = sought[asked - 1]
      if (one) found.set(one, reached)
    }
    return found
  }, limits.profilesReadAtOnce)
  return { locate: (callerId, number, strict) => locateOne({ callerId, number, strict }) }
}
