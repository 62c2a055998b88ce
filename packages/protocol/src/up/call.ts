import Type from 'typebox'
import { callIdText, messageId, sdp, writtenNumber } from '../atoms.js'

/**
 * Client to server. Rings every device of the receiver. Within an established call between the same two devices it is
 * a renegotiation: delivered to the other device under the same `CALL_ID`, nothing rings.
 * Answers: `ringing`, `callResponse`, `HangUp` with a cause; errors `call_in_progress`, `sender_mismatch`.
 */
export const call = Type.Object({
  REASON: Type.Literal('call'),
  SENDER_PHONE_NUMBER: Type.Optional(writtenNumber),
  RECEIVER_PHONE_NUMBER: writtenNumber,
  SDP: sdp,
  CALL_ID: Type.Optional(callIdText),
  ID: Type.Optional(messageId),
})
export type Call = Type.Static<typeof call>
