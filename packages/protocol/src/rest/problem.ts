import Type from 'typebox'
import { type ErrorCode, errors } from '../errors.js'

/** RFC 9457 problem document, the body of every refusal. */
export const problem = Type.Object(
  {
    type: Type.String({ description: 'A page about the code.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.Union((Object.keys(errors) as ErrorCode[]).map(code => Type.Literal(code))),
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
