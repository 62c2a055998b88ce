import { killNine } from './f01-kill-nine.js'
import { postgresKilled } from './f03-postgres-killed.js'
import { postgresFrozen } from './f04-postgres-frozen.js'
import { tablesLocked } from './f05-tables-locked.js'
import type { Scenario } from './scenario.js'

/** All of them, in the order of the matrix. */
export const scenarios: readonly Scenario[] = [killNine, postgresKilled, postgresFrozen, tablesLocked]
