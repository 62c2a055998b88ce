import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Clock } from '../clock.js'
import type { NodeId } from '../cluster/node-id.js'
import type { Terms } from '../cluster/terms.js'
import type { Fork, LivingCall, Seat } from '../exchange/call.js'
import type { Restored } from '../exchange/restore.js'
import type { CallStore } from '../signaling/journal.js'
import { type EventSink, noEvents } from '../webhooks/deliveries.js'
import { type RingingPayload, writeCalls, writeCallsAndTell, writtenValues } from './call-writing.js'
import { type Database, statement } from './database.js'
import { callEvents, writtenColumns } from './webhook-events.js'

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

export const callColumns = `id, caller_id, callee_id, caller_number, callee_number, caller_device, callee_device,
     caller_login, callee_login, state, started_at, rang_at, answered_at, ended_at, end_cause, ringing_payload,
     relay_only`

const living = statement<CallRow & { term: number }>(
  'calls.living',
  `select ${callColumns}, term from calls where state <> 'ended'`,
)

const abandonment = `update calls set state = 'ended', ended_at = $2, end_cause = 'connection_lost', ringing_payload = null
   where id = any($1::uuid[]) and state <> 'ended'`
const abandon = statement('calls.abandon', abandonment)
const abandonAndTell = statement(
  'calls.abandon_and_tell',
  `with written as (${abandonment} returning ${writtenColumns}) ${callEvents('$3')}`,
)

export interface PgCallsDeps {
  readonly database: Database
  readonly clock: Clock
  readonly newId: () => string
  /** The node that decides about the calls it writes; none: there is but one. */
  readonly owner: NodeId | undefined
  readonly terms: Terms
  /** Told of calls by the statement that writes them. */
  readonly events?: EventSink
}

export const pgCalls = ({ database, clock, newId, owner, terms, events = noEvents }: PgCallsDeps) => {
  const { endpoints } = events
  const monotonic = (at: Date) => clock.monotonic() - (clock.wall() - at.getTime())

  /** The calls of these rows; those of deleted accounts are ended instead. */
  async function restored(rows: readonly CallRow[]): Promise<Restored[]> {
    const calls = rows.flatMap(row => callOf(row, monotonic) ?? [])
    const taken = new Set(calls.map(({ id }) => id))
    const lost = rows.flatMap(({ id }) => (taken.has(id) ? [] : [id]))
    const ending = [lost, new Date(clock.wall())]
    if (lost.length > 0 && endpoints.length > 0) await database.query(abandonAndTell, [...ending, endpoints])
    else if (lost.length > 0) await database.query(abandon, ending)
    return calls.map(call => ({ call, standIn: newId() as DeviceId }))
  }

  return {
    restored,

    async write(calls, traces, wall) {
      const values = [...writtenValues(calls, traces, terms, wall), owner ?? null]
      if (endpoints.length === 0) await database.query(writeCalls, values)
      else await database.query(writeCallsAndTell, [...values, endpoints])
      events.wake()
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
