import type { CallId } from '@switchboard/protocol'
import { type Clock, systemTimers, type Timers } from '../clock.js'
import type { Call } from '../exchange/call.js'
import type { Recorded, TraceKind } from '../exchange/effects.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { createMeter, type Meter, serviceBounds } from '../meter.js'
import { DatabaseUnavailable } from '../storage/errors.js'

type Trace = Recorded['trace']

export interface TraceRow {
  readonly callId: CallId
  readonly seq: number
  /** Milliseconds since 1970, as the database keeps them. */
  readonly at: number
  readonly kind: TraceKind
  readonly device: string | undefined
  readonly detail: string | undefined
}

export interface CallStore {
  /** Writes calls as they stand now, and lines of their traces, all or nothing. `wall` turns monotonic times into those of `TraceRow`. */
  write(calls: readonly Call[], traces: readonly TraceRow[], wall: (at: number) => number): Promise<void>
}

export interface JournalDeps {
  readonly store: CallStore
  readonly clock: Clock
  readonly timers?: Timers
  readonly log: Logger
  readonly meter?: Meter
}

export type Journal = ReturnType<typeof createJournal>

/**
 * Writes calls behind the hot path, in batches: a call that moved several times in between is written once. An `ack`
 * waits for `settled`, so that nothing acknowledged is lost to a crash; while the database is away steps wait here.
 */
export function createJournal({
  store,
  clock,
  timers = systemTimers,
  log,
  meter = createMeter(),
}: JournalDeps) {
  let calls = new Map<CallId, Call>()
  let traces: TraceRow[] = []
  let waiters: (() => void)[] = []
  let timer: (() => void) | undefined
  /** How many calls the batch has that is being written. */
  let underWay = 0
  let flushing = Promise.resolve()
  let failures = 0
  let lastSeq = 0
  meter.gauge(
    'switchboard_journal_waiting',
    'Calls whose last step is not written yet',
    () => calls.size + underWay,
  )
  const writing = meter.spread(
    'switchboard_journal_write_seconds',
    'How long the database took to write a batch of calls',
    serviceBounds,
  )
  const failed = meter.count(
    'switchboard_journal_failures_total',
    'Batches that could not be written, and wait',
  )
  const shed = meter.countBy(
    'switchboard_journal_shed_total',
    'What was let go because too much waited, or the database would not take it',
    'kind',
    ['call', 'trace'],
  )

  const wall = (at: number) => Math.round(clock.wall() - (clock.monotonic() - at))

  function nextSeq(): number {
    lastSeq = Math.max(lastSeq + 1, clock.wall() * 1024)
    return lastSeq
  }

  function schedule(ms: number) {
    timer ??= timers.after(ms, () => {
      timer = undefined
      flushing = flush()
    })
  }

  function stopTimer() {
    timer?.()
    timer = undefined
  }

  function flushNow() {
    if (timer && failures === 0) stopTimer()
    if (!timer) flushing = flush()
  }

  async function flush(): Promise<void> {
    if (underWay > 0 || calls.size === 0) return
    const batch = { calls, traces, waiters }
    calls = new Map()
    traces = []
    waiters = []
    underWay = batch.calls.size
    const begun = performance.now()
    try {
      await write(batch)
      writing.observe((performance.now() - begun) / 1000)
      underWay = 0
      if (failures > 0) log.info({ failures }, 'call journal writes again')
      failures = 0
      if (calls.size === 0) batch.waiters.push(...waiters.splice(0))
      for (const done of batch.waiters) done()
    } catch (error) {
      underWay = 0
      failed.add()
      if (failures++ === 0)
        log.error({ err: error }, 'call journal cannot write; calls go on, their steps wait')
      takeBack(batch)
    }
    if (calls.size === 0) return
    if (failures > 0) schedule(Math.min(limits.journalRetryMaxMs, 50 * 2 ** failures))
    else if (waiters.length > 0) flushing = flush()
    else schedule(limits.journalDelayMs)
  }

  async function write(batch: { calls: typeof calls; traces: typeof traces }) {
    try {
      await store.write([...batch.calls.values()], batch.traces, wall)
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      await writeApart(batch)
    }
  }

  /** One call that the database will not take must not hold up the others. */
  async function writeApart(batch: { calls: typeof calls; traces: typeof traces }) {
    for (const [callId, call] of batch.calls) {
      const own = batch.traces.filter(trace => trace.callId === callId)
      try {
        await store.write([call], own, wall)
      } catch (error) {
        if (error instanceof DatabaseUnavailable) throw error
        shed.call.add()
        log.error({ err: error, callId }, 'a call cannot be written and is left out of the history')
      }
    }
  }

  /** What could not be written waits again, below what came meanwhile, which is newer. */
  function takeBack(batch: { calls: typeof calls; traces: typeof traces; waiters: typeof waiters }) {
    calls = new Map([...batch.calls, ...calls])
    const all = [...batch.traces, ...traces]
    traces = all.slice(-limits.journalBacklog)
    shed.trace.add(all.length - traces.length)
    waiters = [...batch.waiters, ...waiters]
    for (const [id, call] of calls) {
      if (calls.size <= limits.journalBacklog) break
      if (call.state !== 'ended') continue
      calls.delete(id)
      shed.call.add()
    }
  }

  return {
    record(call: Call, trace: Trace) {
      calls.delete(call.id) // written in the order of the latest step
      calls.set(call.id, call)
      if (trace) {
        const { kind, device, detail } = trace
        traces.push({ callId: call.id, seq: nextSeq(), at: clock.wall(), kind, device, detail })
      }
      if (underWay === 0) schedule(limits.journalDelayMs)
    },

    /** Whether all that was recorded is written. */
    isSettled: () => calls.size === 0 && underWay === 0,

    /** Resolves when all that was recorded so far is written; waits for the database for as long as that takes. */
    settled(): Promise<void> {
      if (calls.size === 0 && underWay === 0) return Promise.resolve()
      const written = new Promise<void>(resolve => waiters.push(resolve))
      if (underWay === 0) flushNow()
      return written
    },

    /** Writes what is left, once; what cannot be written then is given up. */
    async close(): Promise<void> {
      await flushing
      stopTimer()
      await flush()
      stopTimer()
    },
  }
}
