import { wireLimits } from '@switchboard/protocol'
import { roles } from '@switchboard/protocol/admin'
import Type from 'typebox'

/** A name to be read by others: no control characters, and something to see. */
export const name = Type.String({
  minLength: 1,
  maxLength: wireLimits.nameLength,
  pattern: '^[^\\p{Cc}\\p{Cs}]*\\S[^\\p{Cc}\\p{Cs}]*$',
})
/** Told what it may not have where it is judged: well-formed text, and its length in characters. */
export const password = Type.String({ maxLength: 8 * wireLimits.passwordMax })
/** Six digits, or a recovery code; with spaces as people write them. */
export const code = Type.String({ maxLength: 32 })
/** Of a link. */
export const token = Type.String({ maxLength: 100 })
export const role = Type.Enum([...roles])
/** Checked by WebAuthn's own rules. */
export const credential = Type.Object({
  id: Type.String(),
  rawId: Type.String(),
  type: Type.String(),
  response: Type.Object({ clientDataJSON: Type.String() }),
})
