import { closeEvents } from '@switchboard/protocol'
import type { Clock, Timers } from '../clock.js'
import { limits } from '../limits.js'
import type { Session } from './session.js'

export interface TokenWatchDeps {
  readonly sessions: () => Iterable<Session>
  readonly clock: Pick<Clock, 'wall'>
  readonly timers: Timers
}

/**
 * A socket is worth as much as its token: one that nobody renewed closes with `4401`. The session has its resume window,
 * as after any lost socket. Returns what ends the watch.
 */
export function watchTokens({ sessions, clock, timers }: TokenWatchDeps): () => void {
  let stop: () => void
  function look() {
    const tooOld = clock.wall() - limits.socketTokenGraceMs
    for (const { until, socket } of sessions()) {
      if (until < tooOld) socket?.close(closeEvents.unauthenticated)
    }
    stop = timers.after(limits.socketTokenCheckMs, look)
  }
  look()
  return () => stop()
}
