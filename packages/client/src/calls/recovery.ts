import type { Environment } from '../environment.js'

export interface RecoveryOptions {
  readonly environment: Environment
  /** Finds new ways between the two peer connections. */
  readonly restartIce: () => void
  /** Begins with a new peer connection: when restarts did not help. */
  readonly beginAnew: () => void
}

/** A gap that closes by itself is left alone for so long. */
const patienceMs = 2_000
/** A restart that did not help in this time does not help. */
const tryMs = 8_000
const longestTryMs = 30_000
const restarts = 2

/** Gets media back: restarts ICE, and when that does not help, begins anew. Waits while signaling is away. */
export function createRecovery({ environment, restartIce, beginAnew }: RecoveryOptions) {
  let timer: unknown
  let attempts = 0
  let isDown = false
  let signaling = true
  let stopped = false

  const after = (ms: number) => {
    environment.clearTimer(timer)
    if (!stopped) timer = environment.setTimer(attempt, ms)
  }
  function attempt() {
    if (!isDown || !signaling || stopped) return
    attempts++
    if (attempts <= restarts) restartIce()
    else beginAnew()
    after(Math.min(tryMs * attempts, longestTryMs))
  }
  return {
    media(state: 'up' | 'down' | 'failed') {
      const wasDown = isDown
      isDown = state !== 'up'
      if (!isDown) {
        attempts = 0
        environment.clearTimer(timer)
      } else if (state === 'failed' && attempts === 0) after(0)
      else if (!wasDown) after(patienceMs)
    },
    signaling(up: boolean) {
      const came = up && !signaling
      signaling = up
      if (came && isDown) after(0)
    },
    /** The device is on another network: what stood does not stand any more, though nobody may have noticed. */
    networkChanged() {
      if (signaling && !stopped) restartIce()
    },
    stop() {
      stopped = true
      environment.clearTimer(timer)
    },
  }
}
