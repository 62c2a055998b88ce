import Type from 'typebox'
import { canonicalNumber } from '../atoms.js'
import { callOutcomes } from '../causes.js'
import { iceServer } from '../down/index.js'
import { nextCursor } from './contacts.js'

const closed = { additionalProperties: false } as const
const instant = Type.String({ format: 'date-time' })

export const callView = Type.Object(
  {
    call_id: Type.String(),
    direction: Type.Union([Type.Literal('outgoing'), Type.Literal('incoming')]),
    /** The other party's number at the time of the call; null when that account was deleted. */
    peer: Type.Union([canonicalNumber, Type.Null()]),
    started_at: instant,
    answered_at: Type.Union([instant, Type.Null()]),
    /** Null while the call goes on. */
    ended_at: Type.Union([instant, Type.Null()]),
    /** Null while the call rings. */
    outcome: Type.Union([...callOutcomes.map(outcome => Type.Literal(outcome)), Type.Null()]),
  },
  closed,
)
export type CallView = Type.Static<typeof callView>

export const callHistoryView = Type.Object({ calls: Type.Array(callView), next_cursor: nextCursor }, closed)
export const turnCredentialsView = Type.Object(
  { ice_servers: Type.Array(iceServer), ttl: Type.Integer() },
  closed,
)
