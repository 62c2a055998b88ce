import Type from 'typebox'
import { email, password } from './accounts.js'
import { instant, text } from './shapes.js'

const closed = { additionalProperties: false } as const

export const loginBody = Type.Object({ email, password }, closed)
export const tokenView = Type.Object(
  {
    token: Type.String({ maxLength: 4_096, pattern: '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$', description: 'A JWT.' }),
    expires_at: instant,
  },
  closed,
)
export type TokenView = Type.Static<typeof tokenView>

/** Under way, whatever comes of it. */
export const acceptedView = Type.Object({}, { additionalProperties: false })

export const resetCodeBody = Type.Object({ email }, closed)
export const verifyCodeBody = Type.Object(
  { email, verify_code: text({ minLength: 1, maxLength: 32, examples: ['EXAMPLE123'] }) },
  closed,
)
export const putPasswordBody = Type.Object(
  { email, new_password: { ...password, examples: ['betterPassword123'] } },
  closed,
)
export const changePasswordBody = Type.Object(
  { current_password: password, new_password: { ...password, examples: ['betterPassword123'] } },
  closed,
)
