import type { Clock, Timers } from '../../clock.js'
import { limits } from '../../limits.js'

/**
 * How late the loop comes to its timers. Not node:perf_hooks: its histogram leaves out what follows a reset, and stalls
 * of 120 ms with it (Node 20).
 */
export function watchEventLoop({ monotonic }: Pick<Clock, 'monotonic'>, timers: Timers) {
  let longest = 0
  let cancel = () => {}
  function wait() {
    const due = monotonic() + limits.eventLoopLookMs
    cancel = timers.after(limits.eventLoopLookMs, () => {
      longest = Math.max(longest, monotonic() - due)
      wait()
    })
  }
  wait()
  return {
    /** The longest lag since this was asked last, in milliseconds. */
    longest(): number {
      const lag = longest
      longest = 0
      return lag
    },
    stop: () => cancel(),
  }
}
