import type { Terms } from '../cluster/terms.js'
import { type Call, calleeOf, type Fork, type Payload } from '../exchange/call.js'
import type { TraceRow } from '../signaling/journal.js'
import { detailOf } from './call-detail.js'
import { statement } from './database.js'
import { callEvents, writtenColumns } from './webhook-events.js'

/** What must not be lost while a call rings: a device that joins later is given all of it. */
export interface RingingPayload {
  readonly offer: Payload
  readonly candidates: Payload[]
  readonly forks: readonly Pick<Fork, 'device' | 'login' | 'held'>[]
}

type Wall = (at: number) => number

// Columns go as arrays, which cost either side less than JSON does. Payloads, most of the bytes, go as one text between
// record separators, which no JSON text holds as they are (RFC 8259 section 7), so that nothing has to be escaped again.
const separator = '\x1e'

// One statement, so one round trip and all or nothing. A party that was deleted meanwhile leaves no trace, and a node
// that another one took a call over from changes nothing any more: its term is over. Who was given a call and did not
// write before another one took it over has the same term as that one, and comes too late.
const writing = (andTell: string) =>
  `with given as (
     select r.*, caller.id as living_caller, callee.id as living_callee
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[],
         $9::uuid[], $10::text[], $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::text[],
         string_to_array($16::text, e'\\x1e', ''), $17::boolean[], $18::integer[])
       as r(id, caller_id, callee_id, caller_number, callee_number, caller_device, callee_device, caller_login,
         callee_login, state, started_ms, rang_ms, answered_ms, ended_ms, end_cause, ringing_payload, relay_only, term)
     left join users caller on caller.id = r.caller_id
     left join users callee on callee.id = r.callee_id
   ), written as (
     insert into calls (id, caller_id, callee_id, caller_number, callee_number, caller_device, callee_device,
       caller_login, callee_login, state, started_at, rang_at, answered_at, ended_at, end_cause, ringing_payload,
       relay_only, owner, term)
     select id, living_caller, living_callee,
       case when living_caller is not null then caller_number end,
       case when callee_id is null or living_callee is not null then callee_number end,
       caller_device, callee_device, caller_login, callee_login, state, to_timestamp(started_ms / 1000),
       to_timestamp(rang_ms / 1000), to_timestamp(answered_ms / 1000), to_timestamp(ended_ms / 1000),
       end_cause, ringing_payload, relay_only, $25::uuid, term
     from given
     on conflict (id) do update set
       caller_id = excluded.caller_id, callee_id = excluded.callee_id, caller_number = excluded.caller_number,
       callee_number = excluded.callee_number, caller_device = excluded.caller_device,
       callee_device = excluded.callee_device, caller_login = excluded.caller_login,
       callee_login = excluded.callee_login, state = excluded.state, rang_at = excluded.rang_at,
       answered_at = excluded.answered_at, ended_at = excluded.ended_at, end_cause = excluded.end_cause,
       ringing_payload = excluded.ringing_payload, relay_only = excluded.relay_only, owner = excluded.owner,
       term = excluded.term
     where calls.term < excluded.term or calls.term = excluded.term
       and (excluded.owner is null or calls.owner is not distinct from excluded.owner)
     ${andTell}
   )
   insert into call_events (call_id, seq, at, kind, device, detail)
   select call_id, seq, to_timestamp(at_ms / 1000), kind, device, detail
   from unnest($19::uuid[], $20::bigint[], $21::float8[], $22::text[], $23::uuid[], $24::text[])
     as t(call_id, seq, at_ms, kind, device, detail)
   on conflict (call_id, seq) do nothing`

export const writeCalls = statement('calls.write', writing(''))
/** With the webhook endpoints to tell as a last value. */
export const writeCallsAndTell = statement(
  'calls.write_and_tell',
  writing(`returning ${writtenColumns}
   ), told as (
     ${callEvents('$26')}`),
)

/** The values of `writeCalls` but for the owner: 18 columns of calls, 6 of lines of their traces. */
export function writtenValues(
  calls: readonly Call[],
  traces: readonly TraceRow[],
  terms: Pick<Terms, 'of'>,
  wall: Wall,
): unknown[] {
  const at = (time: number | undefined) => (time === undefined ? null : wall(time))
  const seats = calls.map(seatOf)
  const passed = new Map(calls.map(call => [call.id, call.passed]))
  return [
    calls.map(call => call.id),
    calls.map(call => call.caller.userId),
    calls.map(call => calleeOf(call)),
    calls.map(call => call.caller.number),
    calls.map(call => call.dialled),
    calls.map(call => call.caller.device),
    seats.map(seat => seat?.device),
    calls.map(call => call.caller.login),
    seats.map(seat => seat?.login),
    calls.map(call => (call.state === 'locating' ? 'ringing' : call.state)),
    calls.map(call => wall(call.placedAt)),
    calls.map(call => at('rangAt' in call ? call.rangAt : undefined)),
    calls.map(call => at('answeredAt' in call ? call.answeredAt : undefined)),
    calls.map(call => at(call.state === 'ended' ? call.endedAt : undefined)),
    calls.map(call => (call.state === 'ended' ? call.cause : undefined)),
    calls.map(payloadOf).join(separator),
    calls.map(call => call.relayOnly),
    calls.map(call => terms.of(call.id)),
    traces.map(line => line.callId),
    traces.map(line => line.seq),
    traces.map(line => line.at),
    traces.map(line => line.kind),
    traces.map(line => line.device),
    traces.map(line => detailOf(line, passed.get(line.callId))),
  ]
}

const seatOf = (call: Call) =>
  call.state === 'established' ? call.callee : call.state === 'ended' ? call.calleeSeat : undefined

/** Nothing for a call that does not ring: an empty text is none. */
function payloadOf(call: Call): string {
  if (call.state !== 'ringing' && call.state !== 'locating') return ''
  const forks = call.state === 'ringing' ? [...call.forks.values()] : []
  const payload: RingingPayload = { offer: call.offer, candidates: call.callerCandidates, forks }
  return JSON.stringify(payload)
}
