import Type from 'typebox'

export const healthView = Type.Object({ status: Type.Literal('ok') }, { additionalProperties: false })

/** RFC 7517: the public keys that tokens are signed by. */
export const jwksView = Type.Object(
  { keys: Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 16 }) },
  { additionalProperties: false },
)
