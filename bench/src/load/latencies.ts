import type { Latency } from './orders.js'

/** Collects times in milliseconds and tells their percentiles. */
export function latencies() {
  const times: number[] = []
  return {
    add: (ms: number) => void times.push(ms),
    summary(): Latency {
      const sorted = Float64Array.from(times).sort()
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
      return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1), count: sorted.length }
    },
  }
}
