import Type from 'typebox'
import { callIdText, messageId, sdp, writtenNumber } from '../atoms.js'

/**
 * Client to server. Answers an incoming `call`: the first `accept` wins, a `deny` ends the ringing everywhere.
 * In an established call it answers the other side's renegotiation. `SDP` is required with `accept`.
 * Errors: `no_call` when there is nothing to answer (any more), `sender_mismatch`.
 */
export const callResponse = Type.Object({
  REASON: Type.Literal('callResponse'),
  RESPONSE: Type.Union([Type.Literal('accept'), Type.Literal('deny')]),
  SENDER_PHONE_NUMBER: Type.Optional(writtenNumber),
  RECEIVER_PHONE_NUMBER: writtenNumber,
  SDP: Type.Optional(Type.Union([sdp, Type.Null()])),
  CALL_ID: Type.Optional(callIdText),
  ID: Type.Optional(messageId),
})
export type CallResponse = Type.Static<typeof callResponse>
