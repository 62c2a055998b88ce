import { limits } from '../limits.js'
import type { Backlog, Deliveries, Delivery } from '../webhooks/deliveries.js'
import { statement } from './database.js'

// An event may leave when all that wait before it of its subject leave with it. One that may not waits for as long as
// what is before it, so that each look reads what can leave and little else; where that is being sent, it is looked at
// again soon.
const claim = statement<Delivery & { mayLeave: boolean }>(
  'webhooks.claim',
  `with due as (
     select subject, step, endpoint from webhook_deliveries
     where endpoint = $1 and state = 'waiting' and next_attempt_at <= $2
     order by next_attempt_at, step limit $4 for update skip locked
   ), lined as (
     select due.*, row_number() over (partition by due.subject order by due.step) - 1 as with_it, count(e.step) as ahead,
       max(case when e.claimed or e.next_attempt_at <= $2 then $2 + interval '1 second' else e.next_attempt_at end) as until
     from due left join webhook_deliveries e
       on e.subject = due.subject and e.endpoint = due.endpoint and e.step < due.step and e.state = 'waiting'
     group by due.subject, due.step, due.endpoint
   ), taken as (
     update webhook_deliveries d set claimed = l.ahead = l.with_it,
       next_attempt_at = case when l.ahead = l.with_it then $3 else l.until end
     from lined l
     where d.subject = l.subject and d.step = l.step and d.endpoint = l.endpoint
     returning d.*
   )
   select t.subject, t.step, t.endpoint, t.type, t.at, t.caller_id as "callerId", t.callee_id as "calleeId",
     t.started_at as "startedAt", t.answered_at as "answeredAt", t.ended_at as "endedAt", t.cause, t.attempts,
     t.give_up_at as "giveUpAt", t.claimed as "mayLeave", c.caller_number as "callerNumber",
     c.callee_number as "calleeNumber", u.phone_number as "userNumber"
   from taken t
     left join lateral (select caller_number, callee_number from calls where id = t.subject limit 1) c on true
     left join lateral (select phone_number from users where id = t.subject limit 1) u on true
   order by t.at, t.subject, t.step`,
)
const logged = (attempt: string) =>
  `attempts = attempts + 1, tries = case when jsonb_array_length(tries) < ${limits.webhookAttemptsKept}
     then tries else tries - 0 end || ${attempt}::jsonb`
const delivered = statement<object>(
  'webhooks.delivered',
  `update webhook_deliveries set state = 'delivered', claimed = false, ${logged('$4')}
   where subject = $1 and step = $2 and endpoint = $3 and state = 'waiting'`,
)
const giveUp = statement<object>(
  'webhooks.give_up',
  `update webhook_deliveries set state = 'given_up', claimed = false, ${logged('$4')}
   where subject = $1 and step = $2 and endpoint = $3 and state = 'waiting'`,
)
const note = statement<object>(
  'webhooks.note',
  `update webhook_deliveries set ${logged('$4')} where subject = $1 and step = $2 and endpoint = $3`,
)
const postpone = statement<object>(
  'webhooks.postpone',
  `update webhook_deliveries set claimed = false, next_attempt_at = $4
   where subject = $1 and step >= $2 and endpoint = $3 and state = 'waiting'`,
)
const expire = statement<object>(
  'webhooks.expire',
  `update webhook_deliveries set state = 'given_up', claimed = false
   where (subject, step, endpoint) in (
     select subject, step, endpoint from webhook_deliveries
     where state = 'waiting' and at <= $1::timestamptz - interval '${limits.webhookGiveUpMs} milliseconds'
       and give_up_at <= $1 and (not claimed or next_attempt_at <= $1)
     order by at limit $2 for update skip locked)
   returning step`,
)
// By whole subjects, along the index: an array of them, as in throttles.prune.
const prune = statement<object>(
  'webhooks.prune',
  `delete from webhook_deliveries
   where state = $1 and at < $2 and subject = any(array(
     select subject from webhook_deliveries where state = $1 and at < $2 order by at limit $3))
   returning step`,
)
// Counted along the index, and no further than the bound.
const backlog = statement<Backlog>(
  'webhooks.backlog',
  `select endpoint, (select count(*)::int4 from (
       select from webhook_deliveries d where d.endpoint = e.endpoint and d.state = 'waiting' limit $2) as counted) as waiting,
     (select min(at) from (select at from webhook_deliveries d
       where d.endpoint = e.endpoint and d.state = 'waiting' order by d.next_attempt_at limit $2) as counted) as oldest
   from unnest($1::text[]) as e(endpoint)`,
)

const bySubject = (rows: readonly Delivery[]): Delivery[][] => {
  const lines = new Map<string, Delivery[]>()
  for (const row of rows) {
    const line = lines.get(row.subject)
    if (line) line.push(row)
    else lines.set(row.subject, [row])
  }
  return [...lines.values()]
}

/** The queue of events, safe for any number of workers. */
export const webhookDeliveries: Deliveries = {
  async claim(db, { endpoint, now, until, atMost }) {
    const rows = await db.query(claim, [endpoint, now, until, atMost])
    return { lines: bySubject(rows.filter(({ mayLeave }) => mayLeave)), looked: rows.length }
  },
  async delivered(db, { subject, step, endpoint }, attempt) {
    await db.query(delivered, [subject, step, endpoint, JSON.stringify([attempt])])
  },
  async giveUp(db, { subject, step, endpoint }, attempt) {
    await db.query(giveUp, [subject, step, endpoint, JSON.stringify([attempt])])
  },
  async postpone(db, { subject, step, endpoint }, at, attempt) {
    if (attempt) await db.query(note, [subject, step, endpoint, JSON.stringify([attempt])])
    await db.query(postpone, [subject, step, endpoint, at])
  },
  expire: async (db, now, atMost) => (await db.query(expire, [now, atMost])).length,
  async prune(db, before, atMost) {
    const gone = await db.query(prune, ['delivered', before.delivered, atMost])
    const lost = await db.query(prune, ['given_up', before.given_up, atMost])
    return gone.length + lost.length
  },
  backlog: (db, endpoints, countedTo) => db.query(backlog, [endpoints, countedTo]),
}
