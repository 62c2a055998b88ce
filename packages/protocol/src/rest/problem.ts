import Type from 'typebox'
import { type ErrorCode, errors } from '../errors.js'

/** RFC 9457 problem document, the body of every refusal. */
export const problem = Type.Object(
  {
    type: Type.String({
      description: 'A URN that names the code.',
      examples: ['urn:switchboard:error:invalid_request'],
    }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.Enum(Object.keys(errors) as ErrorCode[]),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({ description: 'JSON pointer (RFC 6901).' }),
          message: Type.String(),
        }),
      ),
    ),
  },
  { $id: 'Problem' },
)
export type Problem = Type.Static<typeof problem>
