import type { CallRow } from '@switchboard/protocol/admin'
import type { CallViews, StoredStep } from '../admin/views/stores.js'
import { lastId } from '../directory/cursor.js'
import { limits } from '../limits.js'
import { readEnd } from './call-detail.js'
import { type Queryable, statement } from './database.js'

interface Row {
  readonly id: string
  readonly state: CallRow['state']
  readonly started_at: Date
  readonly rang_at: Date | null
  readonly answered_at: Date | null
  readonly ended_at: Date | null
  readonly end_cause: CallRow['cause']
  readonly relay_only: boolean
  readonly owner: string | null
  readonly caller_id: string | null
  readonly caller_number: string | null
  readonly caller_name: string | null
  readonly callee_id: string | null
  readonly callee_number: string | null
  readonly callee_name: string | null
  readonly offered: string | null
}

const columns = `c.id, c.state, c.started_at, c.rang_at, c.answered_at, c.ended_at, c.end_cause, c.relay_only, c.owner,
  c.caller_id, c.caller_number, caller.firstname || ' ' || caller.lastname as caller_name,
  c.callee_id, c.callee_number, callee.firstname || ' ' || callee.lastname as callee_name,
  (select e.detail from call_events e where e.call_id = c.id order by e.seq limit 1) as offered`
const people = `left join users caller on caller.id = c.caller_id left join users callee on callee.id = c.callee_id`

// Ids begin with their time, so every walk is along an index and as long as `$3` at most, whatever the filter finds.
const walk = (of: string) =>
  `select * from calls where ${of} id < $1::uuid and id >= $2::uuid order by id desc limit $3::int`
const page = (by: 'all' | 'user' | 'cause', seen: string) =>
  statement<Partial<Row> & { looked_at: number; last: string | null }>(
    `call_views.page_by_${by}`,
    `with seen as (${seen}), found as (
       select * from seen
       where ($4::text is null or state = $4) and ($5::text is null or end_cause = $5)
         and ($6::timestamptz is null or started_at >= $6) and ($7::timestamptz is null or started_at < $7)
       order by id desc limit $8::int
     )
     select looked.looked_at, looked.last, ${columns}
     from (select (select count(*) from seen)::int4 as looked_at, (select id from seen order by id limit 1) as last) looked
     left join found c on true ${people}
     order by c.id desc`,
  )
const pageOfAll = page('all', walk(''))
// As rows, or the planner may walk through the calls of all causes for those of a rare one.
const pageOfCause = page(
  'cause',
  `select * from calls
   where end_cause is not null
     and (end_cause, id) < ($5::text, $1::uuid) and (end_cause, id) >= ($5::text, $2::uuid)
   order by end_cause desc, id desc limit $3::int`,
)
const pageOfUser = page(
  'user',
  `select * from ((${walk('caller_id = $9::uuid and')}) union all
     (${walk('callee_id = $9::uuid and caller_id is distinct from $9::uuid and')})) both_sides
   order by id desc limit $3::int`,
)
const live = statement<Row>(
  'call_views.live',
  `select ${columns} from calls c ${people} where c.state <> 'ended' order by c.id desc limit $1`,
)
const one = statement<Row>('call_views.one', `select ${columns} from calls c ${people} where c.id = $1`)
const steps = statement<StoredStep>(
  'call_views.steps',
  `select seq::float8 as seq, at, kind, device, detail from call_events where call_id = $1 order by seq limit $2`,
)

/** The clocks of nodes may differ by this much; the rows themselves are compared besides. */
const slackMs = 60_000

/** The smallest id of that time (RFC 9562 section 5.7). */
function idAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0').slice(-12)
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

export const pgCallViews = (db: Queryable): CallViews => ({
  async page({ user, state, cause, from, to }, before = lastId, most) {
    const until = to ? idAt(to.getTime() + slackMs) : lastId
    const isIndexed = cause === undefined || user === undefined
    const isPlain = isIndexed && state === undefined && !from && !to
    const lookAt = isPlain ? most + 1 : limits.callsLookedAt
    const filters = [state ?? null, cause ?? null, from ?? null, to ?? null]
    const values = [
      ...[before < until ? before : until, idAt(from ? from.getTime() - slackMs : 0), lookAt],
      ...[...filters, most + 1],
    ]
    const rows = await (user === undefined
      ? db.query(cause === undefined ? pageOfAll : pageOfCause, values)
      : db.query(pageOfUser, [...values, user]))
    const found = rows.flatMap(row => (row.id ? [present(row as Row)] : []))
    const calls = found.slice(0, most)
    if (found.length > most) return { calls, next: calls.at(-1)?.id ?? null }
    const [{ looked_at = 0, last = null } = {}] = rows
    return { calls, next: looked_at === lookAt ? last : null }
  },

  live: async most => (await db.query(live, [most])).map(present),

  async one(id) {
    const [row] = await db.query(one, [id])
    if (!row) return undefined
    const stored = await db.query(steps, [id, limits.traceLines])
    const { from, to } = readEnd(stored.find(({ kind }) => kind === 'ended')?.detail ?? '')
    const trimmed = stored.map(step =>
      step.kind === 'ended' ? { ...step, detail: readEnd(step.detail ?? '').reason } : step,
    )
    return {
      call: present(row),
      relayOnly: row.relay_only,
      rangAt: row.rang_at,
      steps: trimmed,
      candidates: { from, to },
    }
  },
})

function present(row: Row): CallRow {
  const { answered_at: answered, ended_at: ended } = row
  const seconds = answered && Math.round(((ended ?? new Date()).getTime() - answered.getTime()) / 1000)
  return {
    id: row.id,
    state: row.state,
    startedAt: row.started_at.toISOString(),
    answeredAt: answered?.toISOString() ?? null,
    endedAt: ended?.toISOString() ?? null,
    durationSeconds: seconds,
    cause: row.end_cause,
    video: row.offered === 'video',
    from: { userId: row.caller_id, number: row.caller_number, name: row.caller_name },
    to: { userId: row.callee_id, number: row.callee_number, name: row.callee_name },
    node: row.owner,
  }
}
