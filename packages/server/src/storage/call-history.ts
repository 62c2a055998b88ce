import type { PastCall } from '../directory/directory.js'
import type { CallHistoryStore } from '../directory/stores.js'
import { type Queryable, statement } from './database.js'

const columns = `id as "callId", started_at as "startedAt", answered_at as "answeredAt", ended_at as "endedAt",
  case when state <> 'ended' then null when answered_at is not null then 'answered' else end_cause end as outcome`

// Two walks along two indexes, each no longer than the page; one condition over both columns would read them whole.
const page = statement<PastCall>(
  'calls.history_page',
  `select "callId", direction, peer, "startedAt", "answeredAt", "endedAt", outcome from (
     (select ${columns}, 'outgoing' as direction, callee_number as peer
      from calls where caller_id = $1 and id < $2 order by id desc limit $3)
     union all
     (select ${columns}, 'incoming' as direction, caller_number as peer
      from calls where callee_id = $1 and id < $2 and caller_id is distinct from $1 order by id desc limit $3)
   ) as page
   order by "callId" desc
   limit $3`,
)
// What the server found out about the callee before any device rang is not the caller's to know.
const steps = statement<{ callId: string; at: Date; kind: string }>(
  'calls.steps_of_user',
  `select call_id as "callId", at, kind from call_events
   where kind not in ('located', 'waiting') and call_id in (
     select id from calls where caller_id = $1 union all select id from calls where callee_id = $1
   )
   order by call_id, seq`,
)

export const pgCallHistory = (db: Queryable): CallHistoryStore => ({
  page: (userId, before, limit) => db.query(page, [userId, before, limit]),
  steps: userId => db.query(steps, [userId]),
})
