import type { MailJobs, MailKind } from '../mail/mail-jobs.js'
import { statement } from './database.js'

interface ClaimedRow {
  readonly id: string
  readonly kind: string
  readonly recipient_key: string
  readonly attempts: number
  readonly give_up_at: Date
}
interface KeptRow {
  readonly id: string
  readonly kind: string
  readonly created_at: Date
  readonly sealed: Buffer
}

const insert = statement<never>(
  'mail_jobs.insert',
  `insert into mail_jobs (id, kind, recipient, recipient_key, state, created_at, next_attempt_at, give_up_at)
   values ($1, $2, $3, $4, 'waiting', $5, $6, $7)`,
)
const claim = statement<ClaimedRow>(
  'mail_jobs.claim',
  `update mail_jobs set claimed_until = $2, attempts = attempts + 1
   where id in (
     select id from mail_jobs
     where state = 'waiting' and next_attempt_at <= $1 and (claimed_until is null or claimed_until <= $1)
     order by next_attempt_at, id limit $3 for update skip locked)
   returning id, kind, recipient_key, attempts::int4, give_up_at`,
)
const retry = statement<never>(
  'mail_jobs.retry',
  `update mail_jobs set next_attempt_at = $2, claimed_until = null where id = $1 and state = 'waiting'`,
)
const fail = statement<never>(
  'mail_jobs.fail',
  `update mail_jobs set state = 'failed', claimed_until = null where id = $1`,
)
const remove = statement<never>('mail_jobs.remove', 'delete from mail_jobs where id = $1')
const keep = statement<never>(
  'mail_jobs.keep',
  `update mail_jobs set state = 'kept', sealed = $2, claimed_until = null where id = $1`,
)
const removeOlder = statement<never>(
  'mail_jobs.remove_older',
  `delete from mail_jobs where recipient_key = $2 and kind = $3 and id < $1 and state = 'waiting'`,
)
const kept = statement<KeptRow>(
  'mail_jobs.kept',
  `select id, kind, created_at, sealed from mail_jobs where state = 'kept' order by id desc limit $1`,
)
const prune = statement<never>(
  'mail_jobs.prune',
  `delete from mail_jobs where state in ('kept', 'failed') and created_at < $1`,
)

/** The queue of mail, safe for any number of workers. */
export const mailJobs: MailJobs = {
  async insert(db, { id, kind, recipient, recipientKey, createdAt, nextAttemptAt, giveUpAt }) {
    await db.query(insert, [id, kind, recipient, recipientKey, createdAt, nextAttemptAt, giveUpAt])
  },
  async claim(db, now, until, atMost) {
    const rows = await db.query(claim, [now, until, atMost])
    return rows
      .map(row => ({
        id: row.id,
        kind: row.kind as MailKind,
        recipientKey: row.recipient_key,
        attempts: row.attempts,
        giveUpAt: row.give_up_at,
      }))
      .sort((one, other) => (one.id < other.id ? -1 : 1))
  },
  async retry(db, id, at) {
    await db.query(retry, [id, at])
  },
  async fail(db, id) {
    await db.query(fail, [id])
  },
  async remove(db, id) {
    await db.query(remove, [id])
  },
  async keep(db, id, sealed) {
    await db.query(keep, [id, sealed])
  },
  async removeOlder(db, { id, recipientKey, kind }) {
    await db.query(removeOlder, [id, recipientKey, kind])
  },
  async kept(db, atMost) {
    const rows = await db.query(kept, [atMost])
    return rows.map(row => ({
      id: row.id,
      kind: row.kind as MailKind,
      createdAt: row.created_at,
      sealed: row.sealed,
    }))
  },
  async prune(db, before) {
    await db.query(prune, [before])
  },
}
