import Type from 'typebox'
import { canonicalNumber, writtenNumber } from '../atoms.js'
import { wireLimits } from '../wire-limits.js'
import { callView } from './calls.js'
import { instant, orNull, text } from './shapes.js'

const closed = { additionalProperties: false } as const

/** Counted after trimming by the server; the bound here is on what is sent. */
const name = (example: string) =>
  Type.String({ minLength: 1, maxLength: 4 * wireLimits.nameLength, examples: [example] })
/** Syntax is judged where an account is made; an email that nobody can have is an unknown one elsewhere. */
export const email = text({
  minLength: 3,
  maxLength: wireLimits.emailLength,
  examples: ['somenice@domain.yup'],
})
/** Length in code points, strength and context are judged by the server: `weak_password`. */
export const password = Type.String({ maxLength: 8 * wireLimits.passwordMax, examples: ['SuperSecure'] })

export const createUserBody = Type.Object(
  { firstname: name('First'), lastname: name('Last'), phone_number: writtenNumber, email, password },
  closed,
)
export type CreateUserBody = Type.Static<typeof createUserBody>

export const userView = Type.Object(
  {
    firstname: Type.String({ examples: ['First'] }),
    lastname: Type.String({ examples: ['Last'] }),
    phone_number: canonicalNumber,
    email: Type.String({ examples: ['somenice@domain.yup'] }),
  },
  closed,
)
export type UserView = Type.Static<typeof userView>

export const putFirstnameBody = Type.Object({ firstname: name('aNewFirstname') }, closed)
export const putLastnameBody = Type.Object({ lastname: name('aNewLastname') }, closed)
/** `password` is asked for by the strict profile alone. */
export const putPhonenumberBody = Type.Object(
  { phonenumber: writtenNumber, password: Type.Optional(password) },
  closed,
)
export const deleteUserBody = Type.Object({ password }, closed)

/** Everything stored about a user, but for secrets: hashes of passwords and codes. */
export const exportView = Type.Object(
  {
    profile: Type.Object({ ...userView.properties, created_at: instant }, closed),
    contacts: Type.Array(
      Type.Object({ phone_number: canonicalNumber, username: Type.String(), added_at: instant }, closed),
    ),
    blocked: Type.Array(Type.Object({ phone_number: canonicalNumber, blocked_at: instant }, closed)),
    logins: Type.Array(
      Type.Object({ created_at: instant, expires_at: instant, ended_at: orNull(instant) }, closed),
    ),
    password_resets: Type.Array(
      Type.Object(
        { requested_at: instant, code_used_at: orNull(instant), password_set_at: orNull(instant) },
        closed,
      ),
    ),
    calls: Type.Array(
      Type.Object(
        {
          ...callView.properties,
          events: Type.Array(Type.Object({ at: instant, kind: Type.String() }, closed)),
        },
        closed,
      ),
    ),
    pending_mail: Type.Array(Type.Object({ kind: Type.String(), created_at: instant }, closed)),
  },
  closed,
)
export type ExportView = Type.Static<typeof exportView>
