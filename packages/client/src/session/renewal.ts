import type { TokenView } from '@switchboard/protocol'
import type { Environment } from '../environment.js'
import { RequestError, type SwitchboardError } from '../errors.js'

const firstRetryMs = 2_000
const longestRetryMs = 60_000

/** A token that seems to live no longer is still renewed no more often: it is the clocks that are wrong. */
const leastWaitMs = 1_000

/** When to renew a token: with a fifth of its life left, so that hours without a network do not end it. */
export const renewIn = (lifeMs: number) => Math.max(leastWaitMs, 0.8 * lifeMs)

/**
 * How long a token that was just given lives, by the clock of who gave it: a JWT says from when until when. The clock here
 * may be days off.
 */
export function lifeOf({ token, expires_at }: TokenView, now: number): number {
  try {
    const payload = token.split('.')[1] ?? ''
    const { iat, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    if (exp > iat) return 1_000 * (exp - iat)
  } catch {
    // no JWT
  }
  return Date.parse(expires_at) - now
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
  function follow(view: TokenView, isFresh = true) {
    const now = environment.now()
    const left = Date.parse(view.expires_at) - now
    const life = lifeOf(view, now)
    const due = now + renewIn(isFresh ? life : Math.min(life, left))
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
