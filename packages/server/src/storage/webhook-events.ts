import { limits } from '../limits.js'
import type { EventSink } from '../webhooks/deliveries.js'
import { type Queryable, statement } from './database.js'

const lives = `interval '${limits.webhookGiveUpMs} milliseconds'`

/** Columns in the order of the selects below. */
const userColumns = 'subject, step, endpoint, type, at, next_attempt_at, give_up_at'

/**
 * Events of calls, to stand within the statement that writes them: an event for each time that a row of `written` has and
 * the row before had not, so one a state however many states a batch skips. `before` is the row as this statement found
 * it, by its key (`limit` keeps the planner from a walk through all calls); where somebody else wrote in between, the key
 * lets nothing in twice. `endpoints` is the parameter with their ids.
 */
export const callEvents = (endpoints: string): string => `insert into webhook_deliveries
     (${userColumns}, caller_id, callee_id, started_at, answered_at, ended_at, cause)
   select w.id, e.step, endpoint, e.type, e.at, e.at, e.at + ${lives}, w.caller_id, w.callee_id, w.started_at,
     case when e.step >= 2 then w.answered_at end, case when e.step >= 3 then w.ended_at end,
     case when e.step >= 3 then w.end_cause end
   from written w
     left join lateral (
       select started_at, answered_at, ended_at from calls where id = w.id limit 1) before on true
     cross join lateral (values
       (1, 'call.started', w.started_at, before.started_at),
       (2, 'call.answered', w.answered_at, before.answered_at),
       (3, 'call.ended', w.ended_at, before.ended_at)) as e(step, type, at, was)
     cross join unnest(${endpoints}::text[]) as endpoint
   where e.at is not null and e.was is null
   on conflict do nothing`

/** What `callEvents` reads of the rows written. */
export const writtenColumns = 'id, caller_id, callee_id, started_at, answered_at, ended_at, end_cause'

/** The event of a user who is made by the same statement, in `inserted`. */
export const userCreated = (endpoints: string): string => `insert into webhook_deliveries (${userColumns})
   select id, 1, endpoint, 'user.created', created_at, created_at, created_at + ${lives}
   from inserted cross join unnest(${endpoints}::text[]) as endpoint
   on conflict do nothing`

const userDeleted = statement<object>(
  'webhooks.user_deleted',
  `insert into webhook_deliveries (${userColumns})
   select $1::uuid, 2, endpoint, 'user.deleted', at, at, at + ${lives}
   from unnest($2::text[]) as endpoint, date_trunc('milliseconds', now()) as at
   on conflict do nothing`,
)

/** Within the transaction that deletes the user. */
export async function recordDeletion(tx: Queryable, events: EventSink, userId: string): Promise<void> {
  if (events.endpoints.length === 0) return
  await tx.query(userDeleted, [userId, events.endpoints])
  events.wake()
}
