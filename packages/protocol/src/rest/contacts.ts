import Type from 'typebox'
import { canonicalNumber, writtenNumber } from '../atoms.js'
import { wireLimits } from '../wire-limits.js'
import { nextCursor, pageQuery } from './shapes.js'

const closed = { additionalProperties: false } as const

export const contactBody = Type.Object(
  { contact_phonenumber: { ...writtenNumber, examples: ['1212121212'] } },
  closed,
)
export const contactView = Type.Object(
  {
    firstname: Type.String(),
    lastname: Type.String(),
    username: Type.String({ description: 'The full name.' }),
    email: Type.String(),
    phone_number: canonicalNumber,
  },
  closed,
)
export type ContactView = Type.Static<typeof contactView>

/** A client that knows no pages gets every contact. */
export const contactsQuery = pageQuery(wireLimits.contactsPerUser, wireLimits.contactsPerUser)
export const contactsView = Type.Object(
  { contacts: Type.Array(contactView), next_cursor: nextCursor },
  closed,
)

export const presenceView = Type.Object(
  {
    presence: Type.Array(
      Type.Object(
        { phone_number: canonicalNumber, reachable: Type.Boolean(), in_call: Type.Boolean() },
        closed,
      ),
    ),
  },
  closed,
)

export const blockBody = Type.Object({ phone_number: writtenNumber }, closed)
export const blockedView = Type.Object({ blocked: Type.Array(canonicalNumber) }, closed)
