import type { Asks } from './asks.js'
import type { Legs } from './legs.js'
import type { Lines } from './lines.js'
import type { NodeId } from './node-id.js'
import type { Registrar } from './registrar.js'
import type { WhereaboutsMap } from './whereabouts.js'

/** What the parts share that see to users and devices on several nodes. */
export interface AmongNodes {
  readonly self: NodeId
  readonly lines: Lines
  readonly asks: Asks
  readonly legs: Legs
  readonly whereabouts: WhereaboutsMap
  readonly registrar: Registrar
}
