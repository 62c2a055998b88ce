import Type from 'typebox'
import { canonicalNumber, writtenNumber } from '../atoms.js'
import { wireLimits } from '../wire-limits.js'

const closed = { additionalProperties: false } as const

/** Counted after trimming by the server; the bound here is on what is sent. */
export const name = Type.String({ minLength: 1, maxLength: 4 * wireLimits.nameLength })
export const email = Type.String({
  minLength: 3,
  maxLength: wireLimits.emailLength,
  examples: ['somenice@domain.yup'],
})
/** Length in code points, strength and context are judged by the server: `weak_password`. */
export const password = Type.String({ maxLength: 8 * wireLimits.passwordMax, examples: ['SuperSecure'] })

export const createUserBody = Type.Object(
  { firstname: name, lastname: name, phone_number: writtenNumber, email, password },
  closed,
)
export type CreateUserBody = Type.Static<typeof createUserBody>

export const userView = Type.Object(
  { firstname: Type.String(), lastname: Type.String(), phone_number: canonicalNumber, email: Type.String() },
  closed,
)
export type UserView = Type.Static<typeof userView>

export const putFirstnameBody = Type.Object({ firstname: name }, closed)
export const putLastnameBody = Type.Object({ lastname: name }, closed)
/** `password` is asked for by the strict profile alone. */
export const putPhonenumberBody = Type.Object(
  { phonenumber: writtenNumber, password: Type.Optional(password) },
  closed,
)
export const deleteUserBody = Type.Object({ password }, closed)
/** Routes that take no body take an empty object as well. */
export const emptyBody = Type.Union([Type.Null(), Type.Object({}, closed)])
