import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import type { Logger } from '../log.js'
import { createAccountThrottles } from './account-throttles.js'
import { createNodeThrottles } from './node-throttles.js'
import { startPruning } from './pruning.js'
import type { OnRefused } from './refuse.js'
import type { FailedLogins, RateStore } from './stores.js'
import type { Throttles } from './throttles.js'
import { unlimited } from './unlimited.js'

export interface ThrottlesDeps {
  readonly config: Pick<Config, 'rateLimits'>
  readonly rates: RateStore
  readonly failedLogins: FailedLogins
  /** Keys the hashes under which addresses, emails and users are stored. With a new one every count begins anew. */
  readonly secret: () => Promise<Buffer>
  readonly clock: Clock
  readonly log: Logger
  readonly onRefused?: OnRefused
}

export function createThrottles(deps: ThrottlesDeps): Throttles {
  if (!deps.config.rateLimits) return unlimited
  const { onRefused = () => undefined } = deps
  return {
    ...createAccountThrottles({ ...deps, onRefused }),
    ...createNodeThrottles({ ...deps, onRefused }),
    stop: startPruning(deps),
  }
}
