import Type, { type TProperties } from 'typebox'
import { canonicalNumber, writtenNumber } from '../atoms.js'
import { wireLimits } from '../wire-limits.js'
import { callView } from './calls.js'
import { emailShown, fullName, instant, nameShown, orNull, text } from './shapes.js'

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
    firstname: nameShown,
    lastname: { ...nameShown, examples: ['Last'] },
    phone_number: canonicalNumber,
    email: emailShown,
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

/** As many of a kind as an export holds at most; two hundred calls a day for more than a year. */
const exported = { maxItems: 100_000 }
const kind = Type.String({ maxLength: 64 })
const entry = <Properties extends TProperties>(properties: Properties) => Type.Object(properties, closed)

/** What a user lets strangers have. A stranger is who is not a contact of theirs. */
const settings = {
  /** Between you and who is not a mutual contact only relayed candidates pass: neither learns the other's address. */
  relay_only_for_strangers: Type.Boolean(),
  /** Others hear `unavailable`. */
  calls_from_contacts_only: Type.Boolean(),
}
export const settingsView = Type.Object(settings, closed)
export type SettingsView = Type.Static<typeof settingsView>
export const putSettingsBody = Type.Partial(Type.Object(settings), closed)

/** Everything stored about a user, but for secrets: hashes of passwords and codes. */
export const exportView = entry({
  profile: entry({ ...userView.properties, created_at: instant }),
  settings: settingsView,
  contacts: Type.Array(
    entry({ phone_number: canonicalNumber, username: fullName, added_at: instant }),
    exported,
  ),
  blocked: Type.Array(entry({ phone_number: canonicalNumber, blocked_at: instant }), exported),
  former_numbers: Type.Array(entry({ phone_number: canonicalNumber, held_until: instant }), exported),
  logins: Type.Array(
    entry({ created_at: instant, expires_at: instant, ended_at: orNull(instant) }),
    exported,
  ),
  password_resets: Type.Array(
    entry({ requested_at: instant, code_used_at: orNull(instant), password_set_at: orNull(instant) }),
    exported,
  ),
  calls: Type.Array(
    entry({ ...callView.properties, events: Type.Array(entry({ at: instant, kind }), exported) }),
    exported,
  ),
  pending_mail: Type.Array(entry({ kind, created_at: instant }), exported),
})
export type ExportView = Type.Static<typeof exportView>
