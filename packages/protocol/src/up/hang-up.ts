import Type from 'typebox'
import { callIdText, messageId, writtenNumber } from '../atoms.js'

/**
 * Client to server. Ends the call: before an answer the caller cancels it and the callee refuses it.
 * Errors: `no_call`, `sender_mismatch`.
 */
export const hangUp = Type.Object({
  REASON: Type.Literal('HangUp'),
  SENDER_PHONE_NUMBER: Type.Optional(writtenNumber),
  RECEIVER_PHONE_NUMBER: writtenNumber,
  CALL_ID: Type.Optional(callIdText),
  ID: Type.Optional(messageId),
})
export type HangUp = Type.Static<typeof hangUp>
