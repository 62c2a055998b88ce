import type { LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Logins } from '../sessions/stores.js'
import { statement } from './database.js'

// Counts are cast where they are read: CockroachDB makes eight bytes of `integer`, and the driver text of eight bytes.
// `for share` waits for a change of password under way, and makes one that comes wait: no login slips past it.
const begin = statement<{ id: string }>(
  'logins.begin',
  `insert into logins (id, user_id, created_at, expires_at)
   select $1::uuid, id, $3::timestamptz, $4::timestamptz from users where id = $2 and password_hash = $5 and disabled_at is null for share
   returning id`,
)
const find = statement<{
  id: LoginId
  user_id: string
  phone_number: PhoneNumber
  expires_at: Date
  generation: number
  kept_token: string | null
}>(
  'logins.find',
  `select l.id, l.user_id, u.phone_number, l.expires_at, l.generation::int4, l.kept_token
   from logins l join users u on u.id = l.user_id
   where l.id = any($1::uuid[]) and l.ended_at is null and l.expires_at > $2 and u.disabled_at is null`,
)
const extend = statement<{ generation: number }>(
  'logins.extend',
  `update logins set expires_at = greatest(expires_at, $3)
   where id = $1 and ended_at is null and expires_at > $2 returning generation::int4`,
)
const end = statement<{ id: string }>(
  'logins.end',
  'update logins set ended_at = $2 where id = $1 and ended_at is null returning id',
)
const endAll = statement<{ id: string }>(
  'logins.end_all',
  `update logins set ended_at = $2
   where user_id = $1 and ended_at is null and ($3::uuid is null or id <> $3) returning id`,
)
const keepToken = statement<never>(
  'logins.keep_token',
  'update logins set generation = generation + 1, kept_token = $2 where id = $1',
)
const prune = statement<never>(
  'logins.prune',
  'delete from logins where user_id = $1 and (ended_at < $2 or expires_at < $2)',
)

/** One row a login; ending it ends its tokens. */
export const logins: Logins = {
  async begin(db, { loginId, userId, createdAt, expiresAt }, passwordHash) {
    const rows = await db.query(begin, [loginId, userId, createdAt, expiresAt, passwordHash])
    return rows.length === 1
  },
  async find(db, loginIds, now) {
    const rows = await db.query(find, [loginIds, now])
    return new Map(
      rows.map(row => [
        row.id,
        {
          userId: row.user_id as UserId,
          phoneNumber: row.phone_number,
          expiresAt: row.expires_at,
          generation: row.generation,
          keptToken: row.kept_token,
        },
      ]),
    )
  },
  async extend(db, loginId, now, expiresAt) {
    const [row] = await db.query(extend, [loginId, now, expiresAt])
    return row?.generation
  },
  end: async (tx, loginId, now) => (await tx.query(end, [loginId, now])).length === 1,
  async endAll(tx, userId, now, except) {
    const rows = await tx.query(endAll, [userId, now, except ?? null])
    return rows.map(({ id }) => id as LoginId)
  },
  async keepToken(tx, loginId, tokenId) {
    await tx.query(keepToken, [loginId, tokenId])
  },
  async prune(db, userId, before) {
    await db.query(prune, [userId, before])
  },
}
