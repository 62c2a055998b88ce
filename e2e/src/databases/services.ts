import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { binaries } from '../postgres.js'

const pgBouncerPlaces = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer']

/** Where the program is; undefined where the machine has none. */
export const pgBouncer = () => pgBouncerPlaces.find(existsSync)

/** npm's PostgreSQL has the server alone, which can neither copy another one nor be spoken to by hand. */
export const replicates = () => existsSync(join(binaries(), 'pg_basebackup'))

/** Tests of a service that a developer's machine may lack. On CI one that is not there is a failure. */
export function describeWith(service: string, isThere: boolean, tests: () => void): void {
  const runs = isThere || process.env.CI === 'true'
  describe.runIf(runs && process.platform === 'linux')(service, tests)
}
