/** Time as an argument: tests own it. */
export interface Clock {
  /** Wall-clock milliseconds since the epoch: what is stored and what tokens carry. May jump. */
  wall(): number
  /** Milliseconds that only ever grow: timeouts, rings, resume windows. */
  monotonic(): number
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
}

/** Waiting as an argument: a simulation owns it. */
export interface Timers {
  /** Runs once after so many milliseconds, unless it is cancelled by what is returned. */
  after(ms: number, run: () => void): () => void
}

/** Keeps no process alive by itself. */
export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
