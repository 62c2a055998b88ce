import type { MailQueue, QueuedMail } from '../admin/mail/stores.js'
import { lastId } from '../directory/cursor.js'
import { type Queryable, statement } from './database.js'

const page = (name: string, of: string, order: string) =>
  statement<QueuedMail>(
    `mail_queue.${name}`,
    `select j.id, j.kind, u.id as "userId", j.state, j.attempts::int4, j.next_attempt_at as "nextAt",
     j.created_at as "createdAt"
   from mail_jobs j left join users u on u.email_key = j.recipient_key
   where ${of}
   order by ${order} limit $2`,
  )
const pageOfAll = page('page', 'j.id < $1', 'j.id desc')
// As rows, or the planner may walk through the mail of all states for that of a rare one.
const pageOfState = page(
  'page_of_state',
  '(j.state, j.id) < ($3::text, $1::uuid) and j.state >= $3::text',
  'j.state desc, j.id desc',
)
const kindOf = statement<{ kind: string }>('mail_queue.kind_of', 'select kind from mail_jobs where id = $1')
const again = statement<never>(
  'mail_queue.again',
  `update mail_jobs set state = 'waiting', attempts = 0, next_attempt_at = $2, give_up_at = $3, claimed_until = null
   where id = $1 and (claimed_until is null or claimed_until <= $2)`,
)

/** The queue of mail as administrators see it. */
export const mailQueue = (db: Queryable): MailQueue => ({
  page: ({ state, before = lastId, most }) =>
    state === undefined ? db.query(pageOfAll, [before, most]) : db.query(pageOfState, [before, most, state]),
  kindOf: async id => (await db.query(kindOf, [id]))[0]?.kind,
  async again(id, now, giveUpAt) {
    await db.query(again, [id, now, giveUpAt])
  },
})
