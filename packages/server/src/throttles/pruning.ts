import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { FailedLogins, RateStore } from './stores.js'

export interface PruningDeps {
  readonly rates: RateStore
  readonly failedLogins: FailedLogins
  readonly log: Logger
}

/** Deletes what has recovered, now and then; returns how to stop it. */
export function startPruning({ rates, failedLogins, log }: PruningDeps): () => Promise<void> {
  async function prune() {
    try {
      await rates.prune()
      await failedLogins.prune(limits.failedLoginsKeepMs, limits.rates.failedLogins.inARow)
    } catch (error) {
      log.debug({ reason: (error as Error).message }, 'recovered limits could not be deleted')
    }
  }

  let pruning: Promise<void> | undefined
  const timer = setInterval(() => {
    pruning ??= prune().finally(() => {
      pruning = undefined
    })
  }, limits.throttlesPruneMs)
  timer.unref()

  return async () => {
    clearInterval(timer)
    await pruning
  }
}
