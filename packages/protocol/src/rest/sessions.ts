import Type from 'typebox'
import { wireLimits } from '../wire-limits.js'
import { email, password } from './accounts.js'

const closed = { additionalProperties: false } as const

export const loginBody = Type.Object({ email, password }, closed)
export const tokenView = Type.Object(
  { token: Type.String(), expires_at: Type.String({ format: 'date-time' }) },
  closed,
)
export type TokenView = Type.Static<typeof tokenView>

export const resetCodeBody = Type.Object({ email }, closed)
export const verifyCodeBody = Type.Object(
  { email, verify_code: Type.String({ minLength: 1, maxLength: 32, examples: ['EXAMPLE123'] }) },
  closed,
)
export const putPasswordBody = Type.Object({ email, new_password: password }, closed)
export const changePasswordBody = Type.Object(
  { current_password: Type.String({ maxLength: 8 * wireLimits.passwordMax }), new_password: password },
  closed,
)
