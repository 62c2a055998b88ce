import type { UserId } from '@switchboard/protocol'
import type { PasswordResets } from '../sessions/stores.js'
import { statement } from './database.js'

const lockAccount = statement<never>('resets.lock_account', 'select 1 from users where id = $1 for update')
const supersede = statement<never>(
  'resets.supersede',
  `update password_resets set superseded_at = $2
   where user_id = $1 and superseded_at is null and code_used_at is null`,
)
const prune = statement<never>(
  'resets.prune',
  'delete from password_resets where user_id = $1 and created_at < $2',
)
const insert = statement<never>(
  'resets.insert',
  `insert into password_resets (id, user_id, code_hash, created_at, code_expires_at)
   values ($1, $2, $3, $4, $5)`,
)
// Every condition stands on the row that is updated: a parallel attempt waits for it and is judged by what it left.
const countAttempt = statement<{ id: string; user_id: string; code_hash: Buffer }>(
  'resets.count_attempt',
  `update password_resets set attempts = attempts + 1
   where id = (
       select r.id from password_resets r join users u on u.id = r.user_id
       where u.email_key = $1 and u.disabled_at is null and r.superseded_at is null and r.code_used_at is null
       order by r.id desc limit 1)
     and superseded_at is null and code_used_at is null and code_expires_at > $2 and attempts < $3
   returning id, user_id, code_hash`,
)
const useCode = statement<{ id: string }>(
  'resets.use_code',
  `update password_resets set code_used_at = $2, token_expires_at = $3
   where id = $1 and superseded_at is null and code_used_at is null and code_expires_at > $2 returning id`,
)
const accountOfToken = statement<{ user_id: string; email_key: string }>(
  'resets.account_of_token',
  `select r.user_id, u.email_key from password_resets r join users u on u.id = r.user_id
   where r.id = $1 and r.token_used_at is null and r.token_expires_at > $2 and u.disabled_at is null`,
)
const useToken = statement<{ id: string }>(
  'resets.use_token',
  `update password_resets set token_used_at = $2
   where id = $1 and token_used_at is null and token_expires_at > $2 returning id`,
)
const voidAll = statement<never>(
  'resets.void_all',
  `update password_resets
   set superseded_at = coalesce(superseded_at, $2), token_used_at = coalesce(token_used_at, $2)
   where user_id = $1 and (superseded_at is null or token_used_at is null)`,
)

/** Reset codes and the tokens they buy. */
export const passwordResets: PasswordResets = {
  async lockAccount(tx, userId) {
    await tx.query(lockAccount, [userId])
  },
  async supersede(tx, userId, now, pruneBefore) {
    await tx.query(supersede, [userId, now])
    await tx.query(prune, [userId, pruneBefore])
  },
  async insert(tx, { resetId, userId, codeHash, createdAt, codeExpiresAt }) {
    await tx.query(insert, [resetId, userId, codeHash, createdAt, codeExpiresAt])
  },
  async countAttempt(db, emailKey, now, attempts) {
    const [row] = await db.query(countAttempt, [emailKey, now, attempts])
    return row && { resetId: row.id, userId: row.user_id as UserId, codeHash: row.code_hash }
  },
  useCode: async (db, resetId, now, tokenExpiresAt) =>
    (await db.query(useCode, [resetId, now, tokenExpiresAt])).length === 1,
  async accountOfToken(db, resetId, now) {
    const [row] = await db.query(accountOfToken, [resetId, now])
    return row && { userId: row.user_id as UserId, emailKey: row.email_key }
  },
  useToken: async (tx, resetId, now) => (await tx.query(useToken, [resetId, now])).length === 1,
  async voidAll(tx, userId, now) {
    await tx.query(voidAll, [userId, now])
  },
}
