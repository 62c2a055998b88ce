import Type from 'typebox'
import { messageId } from '../atoms.js'

/**
 * Client to server, first on a socket, within 5 s. Answered with `connected`, or the socket is closed with 4401.
 * `SESSION` and `LAST_SEQ` continue a session whose socket was lost. A second `connect` renews the same user's token.
 */
export const connect = Type.Object({
  REASON: Type.Literal('connect'),
  TOKEN: Type.String({ minLength: 1, maxLength: 8192 }),
  SESSION: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  LAST_SEQ: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  ID: Type.Optional(messageId),
})
export type Connect = Type.Static<typeof connect>
