import type { Taken } from './measure.js'
import { patterns } from './patterns.js'

const boundMs = 200

const share = (sorted: readonly number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0
const ascending = (taken: readonly Taken[], of: (one: Taken) => number) => taken.map(of).sort((a, b) => a - b)

/** What it took, without the time in which another process had the core. */
const own = ({ ms, waitedMs }: Taken) => ms - waitedMs

/** A line over all, one a kind of pattern, and which pages stopped before they were full. */
export function describe(taken: readonly Taken[], when: string): string[] {
  const line = (name: string, of: readonly Taken[]) => {
    const [times, whole] = [ascending(of, own), ascending(of, ({ ms }) => ms)]
    const figure = (ms: number) => ms.toFixed(0).padStart(5)
    return `${when} ${name.padEnd(28)} median ${figure(share(times, 0.5))}  p95 ${figure(share(times, 0.95))}  most ${figure(share(times, 1))} ms  (with waits for a core: p95 ${figure(share(whole, 0.95))}, most ${figure(share(whole, 1))})`
  }
  const short = new Set(taken.filter(({ users, more }) => more && users < 50).map(({ pattern }) => pattern))
  return [
    line('all', taken),
    ...Object.entries(patterns).map(([kind, those]) =>
      line(
        kind,
        taken.filter(({ pattern }) => those.includes(pattern)),
      ),
    ),
    `${when} stopped part of the way: ${[...short].join(', ') || 'none'}`,
  ]
}

/** What is wrong: more than one page in twenty, of all or of a pattern, takes longer than it may. */
export function faultsIn(taken: readonly Taken[]): string[] {
  const overall = share(ascending(taken, own), 0.95)
  return [
    ...(overall > boundMs ? [`p95 of all is ${overall.toFixed(0)} ms`] : []),
    ...[...new Set(taken.map(({ pattern }) => pattern))].flatMap(pattern => {
      const those = taken.filter(each => each.pattern === pattern)
      const ms = share(ascending(those, own), 0.95)
      return ms > boundMs ? [`"${pattern.slice(0, 40)}": p95 ${ms.toFixed(0)} ms`] : []
    }),
  ]
}
