import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Clock } from '../clock.js'
import type { NodeId } from '../cluster/node-id.js'
import type { Terms } from '../cluster/terms.js'
import { type Call, calleeOf, type Fork, type LivingCall, type Payload, type Seat } from '../exchange/call.js'
import type { Restored } from '../exchange/restore.js'
import type { CallStore } from '../signaling/journal.js'
import { detailOf } from './call-detail.js'
import { type Database, statement } from './database.js'

export interface CallRow {
  readonly id: CallId
  readonly caller_id: UserId | null
  readonly callee_id: UserId | null
  readonly caller_number: PhoneNumber
  readonly callee_number: PhoneNumber
  readonly caller_device: DeviceId
  readonly callee_device: DeviceId | null
  readonly caller_login: LoginId
  readonly callee_login: LoginId | null
  readonly state: 'ringing' | 'established' | 'ended'
  readonly started_at: Date
  readonly rang_at: Date | null
  readonly answered_at: Date | null
  readonly ended_at: Date | null
  readonly end_cause: string | null
  readonly ringing_payload: string | null
  readonly relay_only: boolean
}

/** What must not be lost while a call rings: a device that joins later is given all of it. */
interface RingingPayload {
  readonly offer: Payload
  readonly candidates: Payload[]
  readonly forks: readonly { device: DeviceId; login: LoginId; held: Payload[] }[]
}

export const callColumns = `id, caller_id, callee_id, caller_number, callee_number, caller_device, callee_device,
     caller_login, callee_login, state, started_at, rang_at, answered_at, ended_at, end_cause, ringing_payload,
     relay_only`

// One statement, so one round trip and all or nothing. A party that was deleted meanwhile leaves no trace, and a node
// that another one took a call over from changes nothing any more: its term is over. Who was given a call and did not
// write before another one took it over has the same term as that one, and comes too late.
const write = statement(
  'calls.write',
  `with given as (
     select r.*, caller.id as living_caller, callee.id as living_callee
     from json_to_recordset($1::json) as r(id uuid, caller_id uuid, callee_id uuid, caller_number text,
       callee_number text, caller_device uuid, callee_device uuid, caller_login uuid, callee_login uuid, state text,
       started_at timestamptz, rang_at timestamptz, answered_at timestamptz, ended_at timestamptz, end_cause text,
       ringing_payload text, relay_only boolean, term integer)
     left join users caller on caller.id = r.caller_id
     left join users callee on callee.id = r.callee_id
   ), written as (
     insert into calls (id, caller_id, callee_id, caller_number, callee_number, caller_device, callee_device,
       caller_login, callee_login, state, started_at, rang_at, answered_at, ended_at, end_cause, ringing_payload,
       relay_only, owner, term)
     select id, living_caller, living_callee,
       case when living_caller is not null then caller_number end,
       case when callee_id is null or living_callee is not null then callee_number end,
       caller_device, callee_device, caller_login, callee_login, state, started_at, rang_at, answered_at, ended_at,
       end_cause, ringing_payload, relay_only, $3::uuid, term
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
   )
   insert into call_events (call_id, seq, at, kind, device, detail)
   select call_id, seq, at, kind, device, detail
   from json_to_recordset($2::json) as t(call_id uuid, seq bigint, at timestamptz, kind text, device uuid, detail text)
   on conflict (call_id, seq) do nothing`,
)

const living = statement<CallRow & { term: number }>(
  'calls.living',
  `select ${callColumns}, term from calls where state <> 'ended'`,
)

const abandon = statement(
  'calls.abandon',
  `update calls set state = 'ended', ended_at = $2, end_cause = 'connection_lost', ringing_payload = null
   where id = any($1::uuid[]) and state <> 'ended'`,
)

export interface PgCallsDeps {
  readonly database: Database
  readonly clock: Clock
  readonly newId: () => string
  /** The node that decides about the calls it writes; none: there is but one. */
  readonly owner: NodeId | undefined
  readonly terms: Terms
}

export const pgCalls = ({ database, clock, newId, owner, terms }: PgCallsDeps) => {
  const monotonic = (at: Date) => clock.monotonic() - (clock.wall() - at.getTime())

  /** The calls of these rows; those of deleted accounts are ended instead. */
  async function restored(rows: readonly CallRow[]): Promise<Restored[]> {
    const calls = rows.flatMap(row => callOf(row, monotonic) ?? [])
    const taken = new Set(calls.map(({ id }) => id))
    const lost = rows.flatMap(({ id }) => (taken.has(id) ? [] : [id]))
    if (lost.length > 0) await database.query(abandon, [lost, new Date(clock.wall())])
    return calls.map(call => ({ call, standIn: newId() as DeviceId }))
  }

  return {
    restored,

    async write(calls, traces, wall) {
      const rows = calls.map(call => ({ ...rowOf(call, wall), term: terms.of(call.id) }))
      const passed = new Map(calls.map(call => [call.id, call.passed]))
      const lines = traces.map(({ callId, ...line }) => {
        const detail = detailOf(line, passed.get(callId))
        return { call_id: callId, ...line, detail }
      })
      await database.query(write, [JSON.stringify(rows), JSON.stringify(lines), owner ?? null])
      for (const call of calls) if (call.state === 'ended') terms.end(call.id)
    },

    /** Calls that lived when the server stopped, if there is but one. */
    async living(): Promise<Restored[]> {
      const rows = await database.query(living)
      for (const { id, term } of rows) terms.set(id, term)
      return restored(rows)
    },
  } satisfies CallStore & { living(): Promise<Restored[]>; restored: unknown }
}

function rowOf(call: Call, wall: (at: number) => Date): CallRow {
  const at = (time: number | undefined) => (time === undefined ? null : wall(time))
  const seat =
    call.state === 'established' ? call.callee : call.state === 'ended' ? call.calleeSeat : undefined
  const over = call.state === 'ended' ? call : undefined
  return {
    id: call.id,
    caller_id: call.caller.userId,
    callee_id: calleeOf(call) ?? null,
    caller_number: call.caller.number,
    callee_number: call.dialled,
    caller_device: call.caller.device,
    callee_device: seat?.device ?? null,
    caller_login: call.caller.login,
    callee_login: seat?.login ?? null,
    state: call.state === 'locating' ? 'ringing' : call.state,
    started_at: wall(call.placedAt),
    rang_at: at('rangAt' in call ? call.rangAt : undefined),
    answered_at: at('answeredAt' in call ? call.answeredAt : undefined),
    ended_at: at(over?.endedAt),
    end_cause: over?.cause ?? null,
    ringing_payload: payloadOf(call),
    relay_only: call.relayOnly,
  }
}

function payloadOf(call: Call): string | null {
  if (call.state !== 'ringing' && call.state !== 'locating') return null
  const forks = call.state === 'ringing' ? [...call.forks.values()] : []
  const payload: RingingPayload = { offer: call.offer, candidates: call.callerCandidates, forks }
  return JSON.stringify(payload)
}

function callOf(row: CallRow, monotonic: (at: Date) => number): LivingCall | undefined {
  if (row.caller_id === null) return undefined
  const caller: Seat = {
    userId: row.caller_id,
    number: row.caller_number,
    device: row.caller_device,
    login: row.caller_login,
  }
  const placedAt = monotonic(row.started_at)
  const base = { id: row.id, caller, dialled: row.callee_number, placedAt, relayOnly: row.relay_only }
  const rangAt = row.rang_at ? monotonic(row.rang_at) : undefined
  if (row.state === 'established') {
    if (!row.callee_id || !row.callee_device || !row.callee_login) return undefined
    const callee: Seat = {
      userId: row.callee_id,
      number: row.callee_number,
      device: row.callee_device,
      login: row.callee_login,
    }
    const answeredAt = row.answered_at ? monotonic(row.answered_at) : placedAt
    return {
      ...base,
      state: 'established',
      callee,
      rangAt: rangAt ?? answeredAt,
      answeredAt,
      offered: { caller: false, callee: false },
      candidates: { caller: 0, callee: 0 },
    }
  }
  if (row.ringing_payload === null) return undefined
  const payload = JSON.parse(row.ringing_payload) as RingingPayload
  const unanswered = { ...base, offer: payload.offer, callerCandidates: payload.candidates }
  if (!row.callee_id) return { ...unanswered, state: 'locating', ringUntil: 0 }
  const forks = new Map<DeviceId, Fork>(payload.forks.map(fork => [fork.device, fork]))
  return { ...unanswered, state: 'ringing', callee: row.callee_id, rangAt, ringUntil: 0, forks }
}
