import { lastId } from '../directory/cursor.js'
import type { DeliveryViewStore, StoredDelivery } from '../webhooks/views.js'
import { statement } from './database.js'

const columns = `d.subject, d.step, d.endpoint, d.type, d.at, d.state, d.caller_id as "callerId",
  d.callee_id as "calleeId", d.cause, d.attempts, d.next_attempt_at as "nextAttemptAt", d.give_up_at as "giveUpAt",
  d.claimed as "isUnderWay", d.tries`
const newestFirst = 'd.at desc, d.subject desc, d.step desc, d.endpoint desc'

// A walk along the index for each state, no longer than the page.
const page = statement<StoredDelivery>(
  'webhooks.page',
  `select ${columns} from unnest($1::text[]) as s(state) cross join lateral (
     select * from webhook_deliveries d
     where d.state = s.state
       and (d.at, d.subject, d.step, d.endpoint) < ($2::timestamptz, $3::uuid, $4::int, $5::text)
     order by ${newestFirst} limit $6) d
   order by ${newestFirst} limit $6`,
)
const find = statement<StoredDelivery>(
  'webhooks.find',
  `select ${columns} from webhook_deliveries d where subject = $1 and step = $2 and endpoint = $3`,
)
const replay = statement<{ step: number }>(
  'webhooks.replay',
  `update webhook_deliveries set state = 'waiting', claimed = false, next_attempt_at = $4, give_up_at = $5
   where subject = $1 and step = $2 and endpoint = $3 and not (claimed and next_attempt_at > $4)
   returning step`,
)

/** After all that there may be. */
const theEnd = {
  at: new Date('9999-12-31'),
  subject: lastId,
  step: 9,
  endpoint: '',
}

/** The queue of events, as operators see it. */
export const webhookViews: DeliveryViewStore = {
  page(db, states, before, atMost) {
    const { at, subject, step, endpoint } = before ?? theEnd
    return db.query(page, [states, at, subject, step, endpoint, atMost])
  },
  find: async (db, { subject, step, endpoint }) => (await db.query(find, [subject, step, endpoint]))[0],
  replay: async (db, { subject, step, endpoint }, now, giveUpAt) =>
    (await db.query(replay, [subject, step, endpoint, now, giveUpAt])).length === 1,
}
