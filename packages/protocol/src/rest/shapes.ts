import Type, { type TString } from 'typebox'
import { wireLimits } from '../wire-limits.js'

/** Text that can be stored and compared: no control characters, no half of a surrogate pair. */
export const text = (options: { minLength?: number; maxLength: number; examples?: string[] }) =>
  Type.String({ ...options, pattern: '^[^\\p{Cc}\\p{Cs}]*$' })

/** What the server shows of a person. */
export const nameShown = Type.String({ maxLength: wireLimits.nameLength, examples: ['First'] })
export const fullName = Type.String({
  maxLength: 2 * wireLimits.nameLength + 1,
  description: 'The full name.',
})
export const emailShown = Type.String({
  maxLength: wireLimits.emailLength,
  examples: ['somenice@domain.yup'],
})

/** A moment in UTC (RFC 3339). */
export const instant = Type.String({
  format: 'date-time',
  maxLength: 30,
  examples: ['2026-01-31T12:00:00.000Z'],
})

/** The same text, or null. */
export const orNull = (schema: TString) => Type.Unsafe<string | null>({ ...schema, type: ['string', 'null'] })

/** The next page's cursor, or null on the last. */
export const nextCursor = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: 64,
  description: 'Give it as `cursor` to get the next page; null on the last.',
})

/** Which part of a list: at most `limit` items, from where `cursor` says. */
export const pageQuery = (usual: number, most: number) =>
  Type.Object(
    {
      limit: Type.Optional(
        Type.Integer({
          format: 'int32',
          minimum: 1,
          maximum: most,
          description: `Items a page; ${usual} when not given.`,
        }),
      ),
      cursor: Type.Optional(Type.String({ maxLength: 64, description: '`next_cursor` of the page before.' })),
    },
    { additionalProperties: false },
  )
