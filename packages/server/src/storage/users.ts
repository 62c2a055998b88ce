import type { UserId } from '@switchboard/protocol'
import { batched } from '../batched.js'
import type { User } from '../directory/directory.js'
import type { LockedUser, UserStore } from '../directory/stores.js'
import { limits } from '../limits.js'
import { noEvents } from '../webhooks/deliveries.js'
import { type Queryable, statement } from './database.js'
import { isUniqueViolation } from './errors.js'
import { userCreated } from './webhook-events.js'

const columns = 'id, phone_number as "phoneNumber", email, firstname, lastname'

const insertion = `insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)
   on conflict do nothing`
const insert = statement<{ id: UserId }>('users.insert', `${insertion} returning id`)
const insertAndTell = statement<{ id: UserId }>(
  'users.insert_and_tell',
  `with inserted as (${insertion} returning id, created_at), told as (${userCreated('$9')}) select id from inserted`,
)
const byIds = statement<User>('users.by_ids', `select ${columns} from users where id = any($1::uuid[])`)
const rename = statement<User>(
  'users.rename',
  `update users set firstname = coalesce($2, firstname), lastname = coalesce($3, lastname)
   where id = $1
   returning ${columns}`,
)
// Other rows may go on pointing at this one: their foreign keys ask for no more than a key share.
const lock = statement<LockedUser>(
  'users.lock',
  `select ${columns}, email_key as "emailKey" from users where id = $1 for no key update`,
)
const setNumber = statement<object>('users.set_number', 'update users set phone_number = $2 where id = $1')
const keepFormer = statement<object>(
  'users.keep_former_number',
  `insert into former_numbers (user_id, phone_number, held_until)
   select id, phone_number, $2 from users where id = $1
   on conflict (user_id, phone_number) do update set held_until = excluded.held_until`,
)

/** Users in PostgreSQL. That a number or an email belongs to one user is the constraints' business. */
export const pgUsers = (db: Queryable, { endpoints, wake } = noEvents): UserStore => ({
  async insert(user) {
    const values = [
      user.id,
      user.phoneNumber,
      user.email,
      user.emailKey,
      user.firstname,
      user.lastname,
      user.passwordHash,
      user.createdAt,
    ]
    const tells = endpoints.length > 0
    const inserted = await (tells
      ? db.query(insertAndTell, [...values, endpoints])
      : db.query(insert, values))
    wake()
    return inserted.length === 1
  },

  byId: batched(
    async (ids: readonly UserId[]) =>
      new Map((await db.query(byIds, [ids])).map((user): [UserId, User] => [user.id, user])),
    limits.profilesReadAtOnce,
  ),

  rename: async (id, { firstname, lastname }) =>
    (await db.query(rename, [id, firstname ?? null, lastname ?? null]))[0],

  lock: async (tx, id) => (await tx.query(lock, [id]))[0],

  async setNumber(tx, id, number, at) {
    try {
      await tx.query(keepFormer, [id, at])
      await tx.query(setNumber, [id, number])
      return true
    } catch (error) {
      if (isUniqueViolation(error, 'users_phone_number_key')) return false
      throw error
    }
  },
})
