import Type from 'typebox'
import { callIdText, candidate, canonicalNumber, messageId, sdp, seq } from '../atoms.js'
import { type Cause, causes } from '../causes.js'
import { type SignalErrorCode, signalErrorCodes } from '../errors.js'

const parties = { SENDER_PHONE_NUMBER: canonicalNumber, RECEIVER_PHONE_NUMBER: canonicalNumber }

export const iceServer = Type.Object({
  urls: Type.Array(Type.String({ maxLength: 512 }), { maxItems: 100 }),
  username: Type.Optional(Type.String({ maxLength: 256 })),
  credential: Type.Optional(Type.String({ maxLength: 256 })),
})
export type IceServer = Type.Static<typeof iceServer>

/** One entry of `CALLS`: a call that the user is part of, on whatever device. */
export const callStanding = Type.Object({
  CALL_ID: callIdText,
  /** The caller. */
  SENDER_PHONE_NUMBER: canonicalNumber,
  /** The callee. */
  RECEIVER_PHONE_NUMBER: canonicalNumber,
  STATE: Type.Union([Type.Literal('ringing'), Type.Literal('established')]),
  /** Whether this device is the one of its user that is in the call. */
  HERE: Type.Boolean(),
})
export type CallStanding = Type.Static<typeof callStanding>

/** Answer to `connect`. The only server message without `SEQ`. */
export const connected = Type.Object({
  REASON: Type.Literal('connected'),
  PHONE_NUMBER: canonicalNumber,
  SESSION: Type.String(),
  RESUMED: Type.Boolean(),
  ICE_SERVERS: Type.Array(iceServer),
  HEARTBEAT_SECONDS: Type.Number(),
  CALLS: Type.Array(callStanding),
})
export type ConnectedDown = Type.Static<typeof connected>

/** An incoming call, or a renegotiation of the call that `CALL_ID` names. */
export const callDown = Type.Object({
  REASON: Type.Literal('call'),
  CALL_ID: callIdText,
  ...parties,
  SDP: sdp,
  /** How long ago the caller called, in milliseconds. */
  AGE_MS: Type.Integer({ minimum: 0 }),
  SEQ: seq,
})
export type CallDown = Type.Static<typeof callDown>

/** To the caller, once: a device of the receiver was given the call. */
export const ringing = Type.Object({
  REASON: Type.Literal('ringing'),
  CALL_ID: callIdText,
  RECEIVER_PHONE_NUMBER: canonicalNumber,
  SEQ: seq,
})
export type RingingDown = Type.Static<typeof ringing>

/** The other party's answer. `SDP` is missing when a `deny` came without one. */
export const callResponseDown = Type.Object({
  REASON: Type.Literal('callResponse'),
  CALL_ID: callIdText,
  RESPONSE: Type.Union([Type.Literal('accept'), Type.Literal('deny')]),
  ...parties,
  SDP: Type.Optional(Type.Union([sdp, Type.Null()])),
  SEQ: seq,
})
export type CallResponseDown = Type.Static<typeof callResponseDown>

/** A candidate of the other party. */
export const iceCandidateDown = Type.Object({
  REASON: Type.Literal('ICECandidate'),
  CALL_ID: callIdText,
  ...parties,
  CANDIDATE: candidate,
  SEQ: seq,
})
export type IceCandidateDown = Type.Static<typeof iceCandidateDown>

/** The call is over for you. The sender is the other party, whoever ended it. */
export const hangUpDown = Type.Object({
  REASON: Type.Literal('HangUp'),
  CALL_ID: callIdText,
  ...parties,
  CAUSE: Type.Unsafe<Cause>(Type.Union(causes.map(cause => Type.Literal(cause)))),
  SEQ: seq,
})
export type HangUpDown = Type.Static<typeof hangUpDown>

/** The server took responsibility for the client message with this `ID`. */
export const ack = Type.Object({ REASON: Type.Literal('ack'), ID: messageId, SEQ: seq })
export type AckDown = Type.Static<typeof ack>

/** The server refused a client message; the socket stays open. Before `connected` it has no `SEQ`. */
export const errorDown = Type.Object({
  REASON: Type.Literal('error'),
  CODE: Type.Unsafe<SignalErrorCode>(Type.Union(signalErrorCodes.map(code => Type.Literal(code)))),
  MESSAGE: Type.String(),
  ID: Type.Optional(messageId),
  SEQ: Type.Optional(seq),
})
export type ErrorDown = Type.Static<typeof errorDown>

/** Everything that a server may send, by its `REASON`. */
export const down = {
  connected,
  call: callDown,
  ringing,
  callResponse: callResponseDown,
  ICECandidate: iceCandidateDown,
  HangUp: hangUpDown,
  ack,
  error: errorDown,
} as const

export type Down =
  | ConnectedDown
  | CallDown
  | RingingDown
  | CallResponseDown
  | IceCandidateDown
  | HangUpDown
  | AckDown
  | ErrorDown
