import Type from 'typebox'
import { canonicalNumber, writtenNumber } from '../atoms.js'
import { wireLimits } from '../wire-limits.js'
import { emailShown, fullName, nameShown, nextCursor, pageQuery } from './shapes.js'

const closed = { additionalProperties: false } as const

export const contactBody = Type.Object(
  { contact_phonenumber: { ...writtenNumber, examples: ['1212121212'] } },
  closed,
)
export const contactView = Type.Object(
  {
    firstname: nameShown,
    lastname: nameShown,
    username: fullName,
    email: emailShown,
    phone_number: canonicalNumber,
  },
  closed,
)
export type ContactView = Type.Static<typeof contactView>

/** A client that knows no pages gets every contact. */
export const contactsQuery = pageQuery(wireLimits.contactsPerUser, wireLimits.contactsPerUser)
export const contactsView = Type.Object(
  { contacts: Type.Array(contactView, { maxItems: wireLimits.contactsPerUser }), next_cursor: nextCursor },
  closed,
)
export type ContactsView = Type.Static<typeof contactsView>

export const presenceView = Type.Object(
  {
    presence: Type.Array(
      Type.Object(
        { phone_number: canonicalNumber, reachable: Type.Boolean(), in_call: Type.Boolean() },
        closed,
      ),
      { maxItems: wireLimits.contactsPerUser },
    ),
  },
  closed,
)
export type PresenceView = Type.Static<typeof presenceView>

export const blockBody = Type.Object({ phone_number: writtenNumber }, closed)
export const blockedView = Type.Object(
  { blocked: Type.Array(canonicalNumber, { maxItems: wireLimits.blocksPerUser }) },
  closed,
)
