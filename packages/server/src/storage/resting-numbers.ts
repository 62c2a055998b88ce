import { createHash } from 'node:crypto'
import type { RestingNumberStore } from '../directory/stores.js'
import { type Queryable, statement } from './database.js'

const rests = statement<object>(
  'resting_numbers.rests',
  `select 1 from resting_numbers
   where number_digest = $1 and rests_until > $2 and (user_id is null or $3::uuid is null or user_id <> $3::uuid)`,
)
const release = statement<object>(
  'resting_numbers.release',
  `insert into resting_numbers (number_digest, rests_until, user_id) values ($1, $2, $3)
   on conflict (number_digest) do update set rests_until = excluded.rests_until, user_id = excluded.user_id`,
)
const forgetRested = statement<object>(
  'resting_numbers.forget_rested',
  'delete from resting_numbers where rests_until <= $1',
)

const digestOf = (number: string) => createHash('sha256').update(number).digest()

/** Released numbers, kept as digests: the number of a deleted account stays nowhere. */
export const pgRestingNumbers = (db: Queryable): RestingNumberStore => ({
  rests: async (number, at, forUser) => (await db.query(rests, [digestOf(number), at, forUser])).length > 0,

  async release(tx, { number, at, until, by }) {
    await tx.query(forgetRested, [at])
    await tx.query(release, [digestOf(number), until, by])
  },
})
