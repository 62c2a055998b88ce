import { growthOfConnections, growthOfUsers } from './growth.js'
import { latency } from './latency.js'
import { memory } from './memory.js'
import { mixed } from './mixed.js'
import { nodes } from './nodes.js'
import { plan } from './plan.js'
import { rest } from './rest.js'
import type { Scenario } from './scenario.js'
import { shapes, signalingScenario } from './signaling.js'
import { start } from './start.js'
import { storm } from './storm.js'

/** In the order of a run: those that share running servers first. */
export const scenarios: readonly Scenario[] = [
  ...Object.values(shapes).map(signalingScenario),
  ...rest,
  mixed,
  ...nodes,
  plan,
  latency,
  storm,
  memory,
  growthOfConnections,
  growthOfUsers,
  start,
]
