import Type from 'typebox'
import { type ErrorCode, errors } from '../errors.js'

/** RFC 9457 problem document, the body of every refusal. */
export const problem = Type.Object(
  {
    type: Type.String({
      maxLength: 64,
      description: 'A URN that names the code.',
      examples: ['urn:switchboard:error:invalid_request'],
    }),
    title: Type.String({ maxLength: 100 }),
    status: Type.Integer({ format: 'int32', minimum: 400, maximum: 599 }),
    detail: Type.String({ maxLength: 500 }),
    code: Type.Enum(Object.keys(errors) as ErrorCode[]),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({ maxLength: 1_100, description: 'JSON pointer (RFC 6901).' }),
          message: Type.String({ maxLength: 200 }),
        }),
        { maxItems: 16 },
      ),
    ),
  },
  { $id: 'Problem' },
)
export type Problem = Type.Static<typeof problem>
