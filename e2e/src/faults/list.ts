import { failover } from '../databases/failover.js'
import { killNine } from './f01-kill-nine.js'
import { drain } from './f02-drain.js'
import { postgresKilled } from './f03-postgres-killed.js'
import { postgresFrozen } from './f04-postgres-frozen.js'
import { tablesLocked } from './f05-tables-locked.js'
import { natsKilled } from './f06-nats-killed.js'
import { natsFrozen } from './f07-nats-frozen.js'
import { partition } from './f08-partition.js'
import { flapping } from './f09-flapping.js'
import { slowClients } from './f10-slow-clients.js'
import { vanished } from './f11-vanished.js'
import { storm } from './f12-storm.js'
import { clockJumps } from './f13-clock.js'
import { clockSkew } from './f14-clock-skew.js'
import { logDiskFull } from './f15-log-disk-full.js'
import { databaseDiskFull } from './f16-database-disk-full.js'
import { descriptors } from './f18-descriptors.js'
import { memoryPressure } from './f19-memory.js'
import { stalled } from './f21-stalled.js'
import { nodeStalled } from './f21b-node-stalled.js'
import { malformed } from './f22-malformed.js'
import { manyCalls } from './f23-many-calls.js'
import { mailDown } from './f24-mail-down.js'
import { rolling } from './f26-rolling.js'
import { startOrder } from './f28-start-order.js'
import { fairness } from './p07-fairness.js'
import type { Scenario } from './scenario.js'

/** All of them, in the order of the matrix. */
export const scenarios: readonly Scenario[] = [
  killNine,
  drain,
  postgresKilled,
  failover,
  postgresFrozen,
  tablesLocked,
  natsKilled,
  natsFrozen,
  partition,
  flapping,
  slowClients,
  vanished,
  storm,
  clockJumps,
  clockSkew,
  logDiskFull,
  databaseDiskFull,
  descriptors,
  memoryPressure,
  stalled,
  nodeStalled,
  malformed,
  manyCalls,
  mailDown,
  startOrder,
  rolling,
  fairness,
]
