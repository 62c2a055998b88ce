import type { CallId, Cause, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Passed } from './passed.js'

declare const opaque: unique symbol
/** The JSON text of an SDP or a candidate, in the bytes the client wrote. Nobody looks inside. */
export type Payload = string & { readonly [opaque]: true }

/** A party's place in a call: the one device of it that may act there, and the login it came by. */
export interface Seat {
  readonly userId: UserId
  /** The number at the time of the call. */
  readonly number: PhoneNumber
  readonly device: DeviceId
  readonly login: LoginId
}

/** What a device that rings has said so far; its candidates wait for its accept (contract section 3, rule 3). */
export interface Fork {
  readonly device: DeviceId
  readonly login: LoginId
  readonly held: Payload[]
}

interface CallBase {
  readonly id: CallId
  readonly caller: Seat
  /** The number that was called, in canonical form. */
  readonly dialled: PhoneNumber
  /** All times are monotonic milliseconds. */
  readonly placedAt: number
  /** Between strangers of whom one wants it so: no address passes but a relay's. Not known while locating. */
  readonly relayOnly: boolean
  /** Not known of calls that were taken up again. */
  readonly passed?: Passed | undefined
}

interface Unanswered extends CallBase {
  readonly ringUntil: number
  readonly offer: Payload
  /** The caller's candidates so far, in order; grows while the call rings, for devices that join late. */
  readonly callerCandidates: Payload[]
}

/** Taken from the caller; whom the number reaches is being looked up. */
export interface Locating extends Unanswered {
  readonly state: 'locating'
  /** In a call from before a restart: stands for the callee's devices, which may yet come back. */
  readonly standIn?: DeviceId
}

/** The callee is known. Without `rangAt` no device of it was given the call yet: it is waited for. */
export interface Ringing extends Unanswered {
  readonly state: 'ringing'
  readonly callee: UserId
  readonly rangAt: number | undefined
  readonly forks: Map<DeviceId, Fork>
}

export interface Established extends CallBase {
  readonly state: 'established'
  readonly callee: Seat
  readonly rangAt: number
  readonly answeredAt: number
  /** Renegotiation offers that wait for the other side's answer. */
  readonly offered: { caller: boolean; callee: boolean }
  /** Candidates so far, a side. */
  readonly candidates: { caller: number; callee: number }
}

export interface Ended extends CallBase {
  readonly state: 'ended'
  readonly callee: UserId | undefined
  readonly calleeSeat: Seat | undefined
  readonly rangAt: number | undefined
  readonly answeredAt: number | undefined
  readonly endedAt: number
  readonly cause: Cause
}

export type LivingCall = Locating | Ringing | Established
export type Call = LivingCall | Ended

export const calleeOf = (call: Call): UserId | undefined => {
  if (call.state === 'locating') return undefined
  return call.state === 'established' ? call.callee.userId : call.callee
}

/** The call at its end: each state gives what it knows, nothing else leaks on. */
export function ended(call: LivingCall, cause: Cause, now: number): Ended {
  const { id, caller, dialled, placedAt, relayOnly, passed } = call
  const seated = call.state === 'established' ? call : undefined
  return {
    state: 'ended',
    id,
    caller,
    dialled,
    placedAt,
    relayOnly,
    passed,
    callee: calleeOf(call),
    calleeSeat: seated?.callee,
    rangAt: call.state === 'locating' ? undefined : call.rangAt,
    answeredAt: seated?.answeredAt,
    endedAt: now,
    cause,
  }
}
