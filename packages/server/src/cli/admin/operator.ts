import { v7 as newId } from 'uuid'
import { createAdministrators } from '../../administrators/accounts.js'
import { createAudit } from '../../administrators/audit.js'
import { createAdminPasswords } from '../../administrators/passwords.js'
import { systemClock as clock } from '../../clock.js'
import { createLogger } from '../../log.js'
import { createHashing } from '../../sessions/hashing.js'
import { readKeys, secretsOf } from '../../sessions/keys.js'
import { adminSessions } from '../../storage/admin-sessions.js'
import { administrators } from '../../storage/administrators.js'
import { auditLog } from '../../storage/audit-log.js'
import { pgFailedLogins } from '../../storage/failed-logins.js'
import { secondFactors } from '../../storage/second-factors.js'
import { pgThrottles } from '../../storage/throttles.js'
import { createThrottles } from '../../throttles/create-throttles.js'
import type { Opened } from '../open-database.js'

/** What whoever holds the database does to administrators. Servers that run see it with the next request. */
export function operator({ config, database }: Opened) {
  const log = createLogger('silent')
  const stores = { administrators, factors: secondFactors, sessions: adminSessions, audit: auditLog }
  const throttles = createThrottles({
    ...{ config, clock, log },
    rates: pgThrottles(database),
    failedLogins: pgFailedLogins(database),
    secret: async () => secretsOf(await readKeys(config.tokenKeyFile), 'throttles')[0],
  })
  const passwords = createAdminPasswords({
    ...{ database, stores, hashing: createHashing() },
    strict: config.securityProfile === 'strict',
  })
  const { record } = createAudit({ database, stores, clock, newId, log })
  return {
    accounts: createAdministrators({ database, stores, throttles, clock, newId, passwords }),
    told: (act: string, id: string, detail: Readonly<Record<string, string>> = {}) =>
      record({ act, subject: { kind: 'administrator', id }, detail: { ...detail, by: 'command line' } }),
  }
}
