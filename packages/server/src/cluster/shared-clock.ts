import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'

export type SharedClock = ReturnType<typeof createSharedClock>

/**
 * The wall clock of the database, which is one for all nodes: what a node writes of its calls keeps its time when
 * another one, whose own clock is wrong or right, takes them over.
 */
export function createSharedClock(own: Clock, log: Logger) {
  // Whole milliseconds, as everybody expects of a wall clock.
  let offset = 0
  let isToldOff = false

  return {
    monotonic: own.monotonic,
    wall: () => own.wall() + offset,

    /** The database's clock showed `theirs` at some moment since `askedAt` (monotonic). */
    set(theirs: number, askedAt: number) {
      const took = own.monotonic() - askedAt
      const found = theirs - (own.wall() - took / 2)
      // Smaller differences may be the way there and back; dates should not jump about for that.
      if (Math.abs(found - offset) > Math.max(limits.clockJitterMs, took)) offset = Math.round(found)
      const isOff = Math.abs(found) > limits.tokenLeewaySeconds * 1000
      if (isOff && !isToldOff) {
        const seconds = -Math.round(found / 1000)
        log.warn({ seconds }, "the clock of this node is off the database's; tokens are judged by it")
      }
      isToldOff = isOff
    },
  } satisfies Clock & { set: unknown }
}
