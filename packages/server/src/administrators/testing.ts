import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { v7 } from 'uuid'
import { createHashing, type Hashing } from '../sessions/hashing.js'
import { movableClock } from '../sessions/testing.js'
import { adminSessions } from '../storage/admin-sessions.js'
import { administrators } from '../storage/administrators.js'
import { auditLog } from '../storage/audit-log.js'
import type { Database } from '../storage/database.js'
import { secondFactors } from '../storage/second-factors.js'
import { addressKey } from '../throttles/addresses.js'
import { throttlesWorld } from '../throttles/testing.js'
import { createIdentity } from './identity.js'

export const here = addressKey('192.0.2.1')

/** Nodes on one database, with one time that the test moves, and what they logged. */
export function identityWorld(database: Database) {
  const clock = movableClock()
  const logged: string[] = []
  const { throttles, time } = throttlesWorld({ database })
  const [sealing, challenge] = [randomBytes(32), randomBytes(32)]
  const verified: string[] = []
  const hashing: Hashing = createHashing()
  const counted: Hashing = {
    ...hashing,
    verify: (hash, password) => {
      verified.push(hash)
      return hashing.verify(hash, password)
    },
  }
  const node = ({ strict = false } = {}) =>
    createIdentity({
      ...{
        database,
        clock,
        throttles,
        strict,
        hashing: counted,
        newId: () => v7(),
        productName: 'Switchboard',
      },
      stores: { administrators, factors: secondFactors, sessions: adminSessions, audit: auditLog },
      sealingKey: async () => sealing,
      challengeKeys: async () => [challenge],
      log: pino({ level: 'info' }, { write: line => void logged.push(line) }),
    })
  return { clock, time, logged, verified, node }
}
