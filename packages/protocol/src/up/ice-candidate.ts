import Type from 'typebox'
import { callIdText, candidate, messageId, writtenNumber } from '../atoms.js'

/**
 * Client to server. Delivered to the other party of the call; a callee's candidates are held until it accepts.
 * Errors: `no_call`, `sender_mismatch`, `too_large`.
 */
export const iceCandidate = Type.Object({
  REASON: Type.Literal('ICECandidate'),
  SENDER_PHONE_NUMBER: Type.Optional(writtenNumber),
  RECEIVER_PHONE_NUMBER: writtenNumber,
  CANDIDATE: candidate,
  CALL_ID: Type.Optional(callIdText),
  ID: Type.Optional(messageId),
})
export type IceCandidate = Type.Static<typeof iceCandidate>
