import type { Timers } from '../clock.js'
import type { Config } from '../config.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Count } from '../meter.js'
import type { Span, Tracer } from '../tracer.js'
import { exportRequest, type Resource } from './otlp.js'

export interface TracingDeps extends Resource {
  readonly config: NonNullable<Config['tracing']>
  readonly timers: Timers
  /** Eight bytes in hexadecimal. */
  readonly newSpanId: () => string
  readonly counts: Readonly<Record<'sent' | 'dropped', Count>>
  readonly log: Logger
}

/**
 * Collects spans and sends them to a collector, a batch at a time. What cannot be sent is dropped and counted: traces hold
 * nothing up, and a collector that is away costs no memory beyond one queue.
 */
export function startTracing(deps: TracingDeps): Tracer & { stop(): Promise<void> } {
  const { config, timers, newSpanId, counts, log } = deps
  const url = `${config.endpoint}/v1/traces`
  let waiting: Span[] = []
  let sending = Promise.resolve()
  let stopTimer = () => {}
  let isArmed = false
  let isFailing = false

  async function send(spans: readonly Span[]) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...config.headers, 'content-type': 'application/json' },
        body: exportRequest(spans, deps, newSpanId),
        signal: AbortSignal.timeout(limits.tracesSendMs),
      })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`status ${response.status}`)
      counts.sent.add(spans.length)
      if (isFailing) log.info('traces are taken again')
      isFailing = false
    } catch (error) {
      counts.dropped.add(spans.length)
      const { message: reason } = error as Error
      if (!isFailing) log.warn({ reason }, 'the collector does not take our traces; they are dropped')
      isFailing = true
    }
  }

  function flush() {
    isArmed = false
    stopTimer()
    const batch = waiting
    waiting = []
    if (batch.length > 0) sending = sending.then(() => send(batch))
    return sending
  }

  return {
    span(span) {
      if (waiting.length >= limits.tracesWaiting) return counts.dropped.add()
      waiting.push(span)
      if (isArmed) return
      isArmed = true
      stopTimer = timers.after(limits.tracesEveryMs, () => void sending.then(flush))
    },
    stop: flush,
  }
}
