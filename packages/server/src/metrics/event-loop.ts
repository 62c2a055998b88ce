import type { Clock, Timers } from '../clock.js'
import { limits } from '../limits.js'

/**
 * Tells how late the event loop comes to each of its timers, in milliseconds; returns its end. Not node:perf_hooks: its
 * histogram leaves out what follows a reset, and stalls of 120 ms with it (Node 20).
 */
export function watchEventLoop(
  { monotonic }: Pick<Clock, 'monotonic'>,
  timers: Timers,
  note: (lateMs: number) => void,
): () => void {
  let cancel = () => {}
  function look() {
    const due = monotonic() + limits.eventLoopLookMs
    cancel = timers.after(limits.eventLoopLookMs, () => {
      note(Math.max(0, monotonic() - due))
      look()
    })
  }
  look()
  return () => cancel()
}
