import type { TokenView } from '@switchboard/protocol'
import type { Environment } from '../environment.js'
import { RequestError, type SwitchboardError } from '../errors.js'

const firstRetryMs = 2_000
const longestRetryMs = 60_000

/** When to renew a token: with a fifth of its life left, so that hours without a network do not end it. */
export function renewIn(now: number, obtainedAt: number, expiresAt: number): number {
  return Math.max(0, obtainedAt + 0.8 * (expiresAt - obtainedAt) - now)
}

export interface RenewalOptions {
  readonly environment: Environment
  readonly renew: () => Promise<TokenView>
  readonly onRenewed: (view: TokenView) => void
  /** The token is dead: somebody has to log in. */
  readonly onDead: (error: SwitchboardError) => void
}

/** Keeps a token alive until stopped. */
export function createRenewal({ environment, renew, onRenewed, onDead }: RenewalOptions) {
  let timer: unknown
  let stopped = false

  const after = (ms: number, run: () => void) => {
    environment.clearTimer(timer)
    if (!stopped) timer = environment.setTimer(run, ms)
  }
  function follow({ expires_at }: TokenView) {
    const now = environment.now()
    const due = now + renewIn(now, now, Date.parse(expires_at))
    // Timers have a longest wait, and none of them counts the time in which a laptop sleeps.
    const wait = () => after(Math.min(due - environment.now(), 3_600_000), look)
    const look = () => (environment.now() >= due ? void attempt(firstRetryMs) : wait())
    wait()
  }
  async function attempt(retryMs: number) {
    try {
      const view = await renew()
      if (stopped) return
      onRenewed(view)
      follow(view)
    } catch (error) {
      if (stopped) return
      if (error instanceof RequestError && error.status === 401) onDead(error)
      else after(retryMs, () => void attempt(Math.min(2 * retryMs, longestRetryMs)))
    }
  }
  return {
    follow,
    stop() {
      stopped = true
      environment.clearTimer(timer)
    },
  }
}
