import type { Clock, Timers } from '../../clock.js'
import { watchEventLoop } from '../../metrics/event-loop.js'

/** The longest that the event loop stood still, for who asks now and then. */
export function longestLag(clock: Pick<Clock, 'monotonic'>, timers: Timers) {
  let longest = 0
  const stop = watchEventLoop(clock, timers, lateMs => {
    longest = Math.max(longest, lateMs)
  })
  return {
    /** The longest lag since this was asked last, in milliseconds. */
    longest(): number {
      const lag = longest
      longest = 0
      return lag
    },
    stop,
  }
}
