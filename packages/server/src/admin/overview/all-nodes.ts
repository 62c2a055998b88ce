import type { OverviewPoint, OverviewView } from '@switchboard/protocol/admin'
import { limits } from '../../limits.js'
import { type Now, quantile, type Step } from './hour.js'

/** What a node says of itself. */
export interface NodeFigures {
  readonly now: Now
  readonly steps: readonly Step[]
  readonly setUpBounds: readonly number[]
}

const minuteMs = 60_000

/** Figures of all nodes as one: what is there is added up, what was late is as late as on the worst. */
export function allNodes(nodes: readonly NodeFigures[], since: number, at: number) {
  const bounds = nodes[0]?.setUpBounds ?? []
  const steps = [...byTime(nodes.flatMap(node => node.steps))].map(([, its]) => added(its))
  const lately = steps.filter(step => step.at >= at - minuteMs - limits.hourStepMs)
  const minute = added(lately.length > 0 ? lately : [nothing(at)])
  const seconds = (Math.max(1, lately.length) * limits.hourStepMs) / 1_000
  const total = (name: keyof Now) => nodes.reduce((sum, { now }) => sum + now[name], 0)
  const { p50, p95 } = setUpOf(bounds, minute)
  const live: OverviewView['live'] = {
    ...{ connections: total('connections'), devices: total('devices') },
    ...{ usersPresent: total('usersPresent'), ringing: total('ringing') },
    ...{ established: total('established'), memoryBytes: total('memoryBytes') },
    callsPerMinute: (minute.placed * 60) / seconds,
    answerRate: answerRateOf(minute),
    setUpSeconds: p50 === null || p95 === null ? null : { p50, p95 },
    errorsPerMinute: (minute.errors * 60) / seconds,
    eventLoopLagMs: minute.lagMs,
    cpuShare: minute.cpuSeconds / seconds,
  }
  return { live, points: steps.filter(step => step.at > since).map(step => pointOf(step, bounds)) }
}

function byTime(steps: readonly Step[]): Map<number, Step[]> {
  const times = new Map<number, Step[]>()
  for (const step of [...steps].sort((one, other) => one.at - other.at)) {
    times.set(step.at, [...(times.get(step.at) ?? []), step])
  }
  return times
}

function added(steps: readonly Step[]): Step {
  const [first = nothing(0), ...rest] = steps
  return rest.reduce<Step>(
    (sum, step) => ({
      at: step.at,
      connections: sum.connections + step.connections,
      ringing: sum.ringing + step.ringing,
      established: sum.established + step.established,
      placed: sum.placed + step.placed,
      answered: sum.answered + step.answered,
      missed: sum.missed + step.missed,
      errors: sum.errors + step.errors,
      setUp: step.setUp.map((count, i) => count + (sum.setUp[i] ?? 0)),
      lagMs: Math.max(sum.lagMs, step.lagMs),
      cpuSeconds: sum.cpuSeconds + step.cpuSeconds,
    }),
    first,
  )
}

const nothing = (at: number): Step => ({
  ...{ at, connections: 0, ringing: 0, established: 0, placed: 0, answered: 0, missed: 0 },
  ...{ errors: 0, setUp: [], lagMs: 0, cpuSeconds: 0 },
})

function pointOf(step: Step, bounds: readonly number[]): OverviewPoint {
  const perMinute = minuteMs / limits.hourStepMs
  const { p50, p95 } = setUpOf(bounds, step)
  return {
    at: new Date(step.at).toISOString(),
    ...{ connections: step.connections, ringing: step.ringing, established: step.established },
    callsPerMinute: step.placed * perMinute,
    answerRate: answerRateOf(step),
    ...{ setUpP50: p50, setUpP95: p95 },
    errorsPerMinute: step.errors * perMinute,
    eventLoopLagMs: step.lagMs,
  }
}

const answerRateOf = ({ answered, missed }: Step) =>
  answered + missed === 0 ? null : answered / (answered + missed)

const setUpOf = (bounds: readonly number[], { setUp }: Step) => ({
  p50: quantile(bounds, setUp, 0.5) ?? null,
  p95: quantile(bounds, setUp, 0.95) ?? null,
})
