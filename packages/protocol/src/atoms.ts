import Type from 'typebox'
import { wireLimits } from './wire-limits.js'

/** A phone number as a person writes it; the server canonicalises it before anything else. */
export const writtenNumber = Type.String({
  minLength: 1,
  maxLength: wireLimits.phoneWrittenLength,
  description: 'A phone number: digits, with spaces, dots, dashes, parentheses and a leading + as you like.',
  examples: ['1234567890'],
})

/** A phone number as the server writes it. */
export const canonicalNumber = Type.String({
  maxLength: wireLimits.phoneDigitsMax + 1,
  pattern: '^\\+?[0-9]+$',
  description: 'A phone number in canonical form.',
  examples: ['1234567890'],
})

/** Names a client message; the server acknowledges it, and acts once on it. */
export const messageId = Type.String({ minLength: 1, maxLength: wireLimits.idLength })

export const callIdText = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'The call, as the server named it.',
})

/** An SDP: opaque to the server, delivered unchanged. */
export const sdp = Type.Union([Type.String(), Type.Object({}, { additionalProperties: true })])

/** An ICE candidate: opaque to the server, delivered unchanged; null is the end of candidates. */
export const candidate = Type.Union([
  Type.String(),
  Type.Object({}, { additionalProperties: true }),
  Type.Null(),
])

/** Position of a server message in its session; rises by one, begins at 1 after a fresh `connected`. */
export const seq = Type.Integer({ minimum: 1 })
