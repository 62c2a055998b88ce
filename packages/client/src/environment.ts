/** Time, chance and the network, as arguments: tests own them. */
export interface Environment {
  /** Milliseconds of the wall clock. */
  now(): number
  /** From 0 to 1. */
  random(): number
  setTimer(run: () => void, afterMs: number): unknown
  clearTimer(timer: unknown): void
  /** Runs when the device is on another network, or on one again; gives back what stops it. */
  onNetworkChange(run: () => void): () => void
}

/** Longer waits overflow a timer. */
const longestTimerMs = 2 ** 31 - 1

export const systemEnvironment: Environment = {
  now: Date.now,
  random: Math.random,
  setTimer: (run, afterMs) => setTimeout(run, Math.min(afterMs, longestTimerMs)),
  clearTimer: timer => clearTimeout(timer as number),
  onNetworkChange(run) {
    const { navigator, addEventListener } = globalThis as Partial<typeof globalThis>
    if (!addEventListener) return () => {}
    const connection = (navigator as { connection?: EventTarget } | undefined)?.connection
    addEventListener('online', run)
    connection?.addEventListener?.('change', run)
    return () => {
      removeEventListener('online', run)
      connection?.removeEventListener?.('change', run)
    }
  },
}
