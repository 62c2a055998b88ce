import Type from 'typebox'
import { type CallOutcome, callOutcomes } from '../causes.js'
import { iceServer } from '../down/index.js'
import { wireLimits } from '../wire-limits.js'
import { instant, nextCursor, orNull, pageQuery } from './shapes.js'

const closed = { additionalProperties: false } as const

export const callView = Type.Object(
  {
    call_id: Type.String({ maxLength: 64 }),
    direction: Type.Enum(['outgoing', 'incoming']),
    peer: orNull(
      Type.String({
        maxLength: wireLimits.phoneDigitsMax + 1,
        description: "The other party's number at the time of the call; null when that account was deleted.",
      }),
    ),
    started_at: instant,
    answered_at: orNull(instant),
    ended_at: orNull(
      Type.String({ format: 'date-time', maxLength: 30, description: 'Null while the call goes on.' }),
    ),
    outcome: Type.Unsafe<CallOutcome | null>({
      type: ['string', 'null'],
      enum: [...callOutcomes, null],
      description: 'Null while the call goes on.',
    }),
  },
  closed,
)
export type CallView = Type.Static<typeof callView>

export const callHistoryQuery = pageQuery(wireLimits.historyPage, wireLimits.historyPageMax)
export const callHistoryView = Type.Object(
  { calls: Type.Array(callView, { maxItems: wireLimits.historyPageMax }), next_cursor: nextCursor },
  closed,
)
export type CallHistoryView = Type.Static<typeof callHistoryView>
export const turnCredentialsQuery = Type.Object(
  {
    call_id: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'A call that you are in: the credentials are for it alone.',
      }),
    ),
  },
  closed,
)
export const turnCredentialsView = Type.Object(
  {
    ice_servers: Type.Array(iceServer, { maxItems: 100 }),
    ttl: Type.Integer({ format: 'int32', minimum: 1, maximum: 86_400, description: 'Seconds.' }),
  },
  closed,
)
export type TurnCredentialsView = Type.Static<typeof turnCredentialsView>
