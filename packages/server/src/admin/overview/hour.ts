import type { Clock, Timers } from '../../clock.js'
import { limits } from '../../limits.js'
import type { Family } from '../../meter.js'
import { type Reading, readMeter } from './reading.js'

/** How a node was doing for some seconds. What happened meanwhile is counted from the point before. */
export interface Step {
  /** Where the step begins, the same on every node. */
  readonly at: number
  readonly connections: number
  readonly ringing: number
  readonly established: number
  readonly placed: number
  readonly answered: number
  /** Calls that ended without an answer. */
  readonly missed: number
  readonly errors: number
  /** How many calls took how long to ring, by `setUpBounds`. */
  readonly setUp: readonly number[]
  readonly lagMs: number
  readonly cpuSeconds: number
}

/** What is there right now. */
export interface Now {
  readonly connections: number
  readonly devices: number
  readonly usersPresent: number
  readonly ringing: number
  readonly established: number
  readonly memoryBytes: number
}

export interface HourDeps {
  readonly families: () => readonly Family[]
  readonly clock: Clock
  readonly timers: Timers
}

type Totals = Pick<Step, 'placed' | 'answered' | 'missed' | 'errors' | 'cpuSeconds'> & {
  readonly setUp: readonly number[]
  readonly lag: readonly number[]
}

/** Remembers an hour of the meter's own figures, a point every ten seconds. */
export function startHour({ families, clock, timers }: HourDeps) {
  const steps: Step[] = []
  const stepMs = limits.hourStepMs
  let before = totals(readMeter(families()))
  let stop: () => void = () => undefined

  function look() {
    const reading = readMeter(families())
    const after = totals(reading)
    // A timer may come a little early: the step that ends now began half a step ago.
    const at = Math.floor((clock.wall() - stepMs / 2) / stepMs) * stepMs
    const { connections, ringing, established } = nowOf(reading)
    const counted = (name: 'placed' | 'answered' | 'missed' | 'errors' | 'cpuSeconds') =>
      Math.max(0, after[name] - before[name])
    steps.push({
      ...{ at, connections, ringing, established },
      ...{ placed: counted('placed'), answered: counted('answered'), missed: counted('missed') },
      ...{ errors: counted('errors'), cpuSeconds: counted('cpuSeconds') },
      setUp: since(before.setUp, after.setUp),
      lagMs: 1_000 * (quantile(reading.spread(lag).bounds, since(before.lag, after.lag), 0.99) ?? 0),
    })
    if (steps.length > limits.hourSteps) steps.shift()
    before = after
    schedule()
  }

  /** On the clock's tens, so that the points of nodes fall together. */
  function schedule() {
    stop = timers.after(stepMs - (clock.wall() % stepMs) || stepMs, look)
  }

  schedule()
  return {
    since: (ms: number): readonly Step[] => steps.filter(({ at }) => at >= ms),
    now: (): Now => nowOf(readMeter(families())),
    setUpBounds: (): readonly number[] => readMeter(families()).spread(setUp).bounds,
    stop: () => stop(),
  }
}

const setUp = 'switchboard_call_ringing_seconds'
const lag = 'nodejs_eventloop_delay_seconds'

function nowOf({ sum }: Reading): Now {
  return {
    connections: sum('switchboard_sockets'),
    devices: sum('switchboard_devices'),
    usersPresent: sum('switchboard_users_present'),
    ringing: sum('switchboard_calls', { state: 'ringing' }) + sum('switchboard_calls', { state: 'locating' }),
    established: sum('switchboard_calls', { state: 'established' }),
    memoryBytes: sum('process_resident_memory_bytes'),
  }
}

/** How calls end that nobody answered. */
export const unanswered = ['cancelled', 'denied', 'busy', 'no_answer', 'unavailable', 'glare']

function totals(reading: Reading): Totals {
  const { sum, spread } = reading
  return {
    placed: sum('switchboard_calls_placed_total'),
    answered: sum('switchboard_calls_answered_total'),
    missed: unanswered.reduce((all, cause) => all + sum('switchboard_calls_ended_total', { cause }), 0),
    errors:
      sum('switchboard_signaling_errors_total') +
      sum('switchboard_http_refusals_total', { code: 'internal' }) +
      sum('switchboard_http_refusals_total', { code: 'service_unavailable' }) +
      sum('switchboard_calls_ended_total', { cause: 'connection_lost' }),
    cpuSeconds: sum('process_cpu_seconds_total'),
    setUp: spread(setUp).counts,
    lag: spread(lag).counts,
  }
}

const since = (before: readonly number[], after: readonly number[]) =>
  after.map((count, i) => Math.max(0, count - (before[i] ?? 0)))

/** Where that share of what was observed lies, evenly within its bucket; above the last bound it is that bound. */
export function quantile(bounds: readonly number[], counts: readonly number[], share: number) {
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all === 0) return undefined
  let left = share * all
  for (const [i, count] of counts.entries()) {
    const upper = bounds[i]
    if (upper === undefined) break
    const lower = bounds[i - 1] ?? 0
    if (left <= count && count > 0) return lower + (left / count) * (upper - lower)
    left -= count
  }
  return bounds.at(-1)
}
