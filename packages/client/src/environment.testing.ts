import type { Environment } from './environment.js'

export interface TestEnvironment extends Environment {
  /** Lets time pass; what is due runs in its order, and what it leads to as well. */
  advance(ms: number): Promise<void>
  networkChanges(): void
  readonly timers: number
}

/** Time that a test owns. */
export function testEnvironment(random: () => number = () => 0.5): TestEnvironment {
  let now = 0
  let watcher = () => {}
  const timers = new Set<{ readonly at: number; readonly run: () => void }>()
  const settle = async () => {
    for (let n = 0; n < 50; n++) await Promise.resolve()
  }
  return {
    now: () => now,
    random,
    setTimer(run, afterMs) {
      const timer = { at: now + afterMs, run }
      timers.add(timer)
      return timer
    },
    clearTimer: timer => void timers.delete(timer as never),
    onNetworkChange(run) {
      watcher = run
      return () => {
        watcher = () => {}
      }
    },
    async advance(ms) {
      const until = now + ms
      for (;;) {
        await settle()
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
        if (!next) break
        timers.delete(next)
        now = next.at
        next.run()
      }
      now = until
    },
    networkChanges: () => watcher(),
    get timers() {
      return timers.size
    },
  }
}
