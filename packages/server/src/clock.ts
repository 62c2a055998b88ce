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
