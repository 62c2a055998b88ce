import { createHash, createHmac } from 'node:crypto'
import type { RestingNumberStore } from '../directory/stores.js'
import type { LastingSecret } from '../sessions/lasting-secret.js'
import { type Queryable, statement } from './database.js'

const rests = statement<object>(
  'resting_numbers.rests',
  `select 1 from resting_numbers
   where number_digest = $1 and rests_until > $2 and (user_id is null or $3::uuid is null or user_id <> $3::uuid)`,
)
const release = statement<object>(
  'resting_numbers.release',
  `insert into resting_numbers (number_digest, is_keyed, rests_until, user_id) values ($1, true, $2, $3)
   on conflict (number_digest) do update set rests_until = excluded.rests_until, user_id = excluded.user_id`,
)
const forgetRested = statement<object>(
  'resting_numbers.forget_rested',
  'delete from resting_numbers where rests_until <= $1',
)
const plain = statement<{ digest: Buffer }>(
  'resting_numbers.plain',
  'select number_digest as digest from resting_numbers where not is_keyed',
)
// A number that was released again since has its row already, and rests longer by that.
const setKeyed = statement<object>(
  'resting_numbers.set_keyed',
  `update resting_numbers set number_digest = $2, is_keyed = true
   where number_digest = $1 and not exists (select 1 from resting_numbers where number_digest = $2)`,
)
const forgetPlain = statement<object>(
  'resting_numbers.forget_plain',
  'delete from resting_numbers where number_digest = $1 and not is_keyed',
)

/**
 * Released numbers, kept as digests: the number of a deleted account stays nowhere. Keyed, for who tries all numbers
 * there are; with a secret that outlasts the token keys, for a number rests longer than those may live.
 */
export function pgRestingNumbers(db: Queryable, secret: LastingSecret): RestingNumberStore {
  const keyed = (key: Buffer, digest: Buffer) => createHmac('sha256', key).update(digest).digest()

  async function digestOf(tx: Queryable, number: string): Promise<Buffer> {
    const key = await secret(tx)
    // Earlier versions, which may run beside this one, write plain ones.
    for (const { digest } of await tx.query(plain)) {
      await tx.query(setKeyed, [digest, keyed(key, digest)])
      await tx.query(forgetPlain, [digest])
    }
    return keyed(key, createHash('sha256').update(number).digest())
  }

  return {
    async rests(number, at, forUser) {
      return (await db.query(rests, [await digestOf(db, number), at, forUser])).length > 0
    },
    async release(tx, { number, at, until, by }) {
      await tx.query(forgetRested, [at])
      await tx.query(release, [await digestOf(tx, number), until, by])
    },
  }
}
