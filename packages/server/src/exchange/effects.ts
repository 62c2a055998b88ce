import type { CallId, Cause, DeviceId, PhoneNumber, SignalErrorCode, UserId } from '@switchboard/protocol'
import type { Call, Payload } from './call.js'

/** What a device is told; the wire's messages without `SEQ`. The sender is always the other party. */
export type Tell = { readonly callId: CallId; readonly receiver: PhoneNumber } & (
  | {
      readonly kind: 'call'
      readonly sender: PhoneNumber
      readonly sdp: Payload
      readonly ageMs: number
      /** A new call, not one within a call: whether the device has got it is of interest. */
      readonly rings?: true
    }
  /** `receiver` is the callee here, as on the wire. */
  | { readonly kind: 'ringing' }
  | {
      readonly kind: 'callResponse'
      readonly sender: PhoneNumber
      readonly response: 'accept' | 'deny'
      readonly sdp: Payload | undefined
    }
  | { readonly kind: 'candidate'; readonly sender: PhoneNumber; readonly candidate: Payload }
  | { readonly kind: 'hangUp'; readonly sender: PhoneNumber; readonly cause: Cause }
)

/** A line of a call's trace: "why did it not ring?" is answered from these. */
export type TraceKind =
  | 'placed'
  | 'located'
  | 'waiting'
  | 'rung'
  | 'acknowledged'
  | 'accepted'
  | 'denied'
  | 'renegotiated'
  | 'seat_moved'
  | 'restored'
  | 'ended'

/** What the exchange wants done, in order. */
export type Effect =
  | { readonly kind: 'tell'; readonly device: DeviceId; readonly tell: Tell }
  /** Ask the directory whom the number reaches, and come back with `located`. */
  | {
      readonly kind: 'locate'
      readonly callId: CallId
      readonly callerId: UserId
      readonly number: PhoneNumber
    }
  /** Write the call as it stands, with a line of its trace (or none: only what is held changed). */
  | {
      readonly kind: 'record'
      readonly call: Call
      readonly trace:
        | { readonly kind: TraceKind; readonly device?: DeviceId; readonly detail?: string }
        | undefined
    }
  /** What waits unseen for `from` in this call goes to `to`, which took its seat. */
  | { readonly kind: 'inherit'; readonly callId: CallId; readonly from: DeviceId; readonly to: DeviceId }
  /** Close the device's socket: another one took its place among the five. */
  | { readonly kind: 'displace'; readonly device: DeviceId }
  /** The device is gone for good: forget its session. */
  | { readonly kind: 'forget'; readonly device: DeviceId }

/** A step of a call that is being written. */
export type Recorded = Extract<Effect, { kind: 'record' }>

/** What came of a device's message: effects, or a refusal that changed nothing. */
export type Outcome = { readonly refused: SignalErrorCode } | { readonly effects: readonly Effect[] }

export const refused = (code: SignalErrorCode): Outcome => ({ refused: code })
