import Type from 'typebox'

export const healthView = Type.Object({ status: Type.Literal('ok') }, { additionalProperties: false })

/** Whether the other nodes can be reached; `none` where there are none. Without it calls within a node go on. */
const busState = Type.Union([Type.Literal('connected'), Type.Literal('away'), Type.Literal('none')])
export type BusState = Type.Static<typeof busState>

export const readyView = Type.Object(
  { status: Type.Literal('ok'), bus: busState },
  { additionalProperties: false },
)

/** RFC 7517: the public keys that tokens are signed by. */
export const jwksView = Type.Object(
  { keys: Type.Array(Type.Object({}, { additionalProperties: true }), { maxItems: 16 }) },
  { additionalProperties: false },
)
