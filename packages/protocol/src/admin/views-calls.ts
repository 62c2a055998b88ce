import type { Cause } from '../causes.js'

/** A party of a call. Of one whose account was deleted, or of a number that reached nobody, there is less. */
export interface PartyView {
  readonly userId: string | null
  readonly number: string | null
  readonly name: string | null
}

export interface CallRow {
  readonly id: string
  readonly state: 'ringing' | 'established' | 'ended'
  readonly startedAt: string
  readonly answeredAt: string | null
  readonly endedAt: string | null
  /** From the answer to the end, or to now. */
  readonly durationSeconds: number | null
  readonly cause: Cause | null
  /** Whether the caller offered a picture; false where that is not known. */
  readonly video: boolean
  readonly from: PartyView
  readonly to: PartyView
  /** The node that decides about it, or did; null: there is but one. */
  readonly node: string | null
}

/** `GET /api/calls/live`, the newest first and no more than a screen can show. */
export interface LiveCallsView {
  readonly calls: readonly CallRow[]
}

/** `GET /api/calls?user=&state=&cause=&from=&to=&cursor=`. With a filter a page may be short, and yet not the last. */
export interface CallsView {
  readonly calls: readonly CallRow[]
  readonly next: string | null
}

export type CandidatesView = Readonly<Record<'host' | 'srflx' | 'prflx' | 'relay', number>>

export interface TraceLine {
  readonly seq: number
  readonly at: string
  readonly kind: string
  readonly device: string | null
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

export interface RungDevice {
  readonly device: string
  readonly gotRingAt: string | null
  /** At the latest: when it answered. A ring that nobody answered says nothing of it. */
  readonly acknowledgedAt: string | null
  readonly answer: 'accepted' | 'denied' | null
}

export const verdictCodes = [
  'going_on',
  'ringing',
  'no_device',
  'busy',
  'no_answer',
  'denied',
  'cancelled',
  'unavailable',
  'glare',
  'connection_lost',
  'ended_by_admin',
  'hung_up',
  'unknown',
] as const
export type VerdictCode = (typeof verdictCodes)[number]

/** `GET /api/calls/:id`: why did it not ring? */
export interface CallView {
  readonly call: CallRow
  readonly trace: readonly TraceLine[]
  readonly devices: readonly RungDevice[]
  readonly candidates: { readonly from: CandidatesView; readonly to: CandidatesView }
  /** Whether media went by the relay. Only what rules out the other way is said. */
  readonly way: 'relayed' | 'direct' | 'unknown'
  readonly verdict: {
    readonly code: VerdictCode
    /** Whether a device was given the ring. */
    readonly rang: boolean
    /** Devices that were given it. */
    readonly devices: number
    readonly secondsToRing: number | null
  }
}
