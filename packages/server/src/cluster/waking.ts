import { type Bus, BusTimeout } from '../bus/bus.js'
import type { Clock, Timers } from '../clock.js'
import { limits } from '../limits.js'

export interface WakingBus {
  readonly bus: Bus
  /** Resolves at once, or when it is certain again that this node decides; never when others do. */
  certain(): Promise<void>
  /** The lease was renewed, by a question asked at this moment. */
  renewed(askedAt: number): void
  stop(): void
}

/**
 * A node that stood still for longer than its lease may have been taken over, and does not know: it neither speaks nor
 * listens until its lease is renewed, or it learns that it is fenced; nor does it acknowledge.
 */
export function createWakingBus(bus: Bus, clock: Clock, timers: Timers): WakingBus {
  let tickedAt = clock.monotonic()
  let wokeAt: number | undefined
  const waiters: (() => void)[] = []
  let stopTimer: () => void = () => undefined

  // Asked by whoever comes first after the standstill, which may not be the tick.
  function isDazed(): boolean {
    const now = clock.monotonic()
    if (now - tickedAt > limits.leaseMs) {
      wokeAt = now
      tickedAt = now
    }
    return wokeAt !== undefined
  }

  function tick() {
    isDazed()
    tickedAt = clock.monotonic()
    stopTimer = timers.after(limits.nodeBeatMs, tick)
  }
  tick()

  return {
    bus: {
      ...bus,
      publish: (subject, data) => {
        if (!isDazed()) bus.publish(subject, data)
      },
      request: async (subject, data, timeoutMs) => {
        if (isDazed()) throw new BusTimeout()
        return bus.request(subject, data, timeoutMs)
      },
      subscribe: (subject, listener) =>
        bus.subscribe(subject, message => {
          if (!isDazed()) listener(message)
        }),
    },
    certain: () => (isDazed() ? new Promise(resolve => waiters.push(resolve)) : Promise.resolve()),
    renewed(askedAt) {
      if (wokeAt === undefined || askedAt < wokeAt) return
      wokeAt = undefined
      for (const go of waiters.splice(0)) go()
    },
    stop: () => stopTimer(),
  }
}
