import type { Timers } from '../../clock.js'
import { limits } from '../../limits.js'

export interface ReportMetricsDeps {
  readonly tell: (message: unknown) => void
  readonly counts: () => Readonly<Record<string, number>>
  /** The longest that the event loop stood still since it was asked last, in milliseconds. */
  readonly longestLag: () => number
  readonly timers: Timers
}

/**
 * Figures for `pm2 describe` and `pm2 monit`. The message is the one that @pm2/io sends; that package brings tracing and
 * an inspector into the process for the sake of these few lines.
 */
export function reportMetrics({ tell, counts, longestLag, timers }: ReportMetricsDeps): () => void {
  let stop = () => {}
  function report() {
    const { sockets = 0, calls = 0 } = counts()
    tell({
      type: 'axm:monitor',
      data: {
        Connections: metric('connections', sockets, ''),
        Calls: metric('calls', calls, ''),
        'Event loop lag': metric('event-loop-lag', Math.round(longestLag() * 10) / 10, 'ms'),
      },
    })
    stop = timers.after(limits.pm2ReportMs, report)
  }
  report()
  return () => stop()
}

const metric = (name: string, value: number, unit: string) => ({
  type: `switchboard/${name}`,
  value,
  unit,
  historic: true,
})
