import { readdirSync } from 'node:fs'
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Clock, Timers } from '../clock.js'
import { type Meter, quickBounds, type Spread } from '../meter.js'
import { watchEventLoop } from './event-loop.js'

export interface ProcessMetricsDeps {
  readonly meter: Meter
  readonly clock: Clock
  readonly timers: Timers
  readonly version: string
  /** Files that the process may have open. */
  readonly mostFiles: number
}

/** What every process has: CPU, memory, files, garbage collection and the delay of its event loop. Returns its end. */
export function measureProcess({ meter, clock, timers, version, mostFiles }: ProcessMetricsDeps): () => void {
  const startedAt = Math.round(clock.wall() / 1000 - process.uptime())
  meter.counted('process_cpu_seconds_total', 'CPU time of the process, user and system', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  meter.gauge(
    'process_start_time_seconds',
    'When the process started, in seconds since 1970',
    () => startedAt,
  )
  meter.gauge('process_resident_memory_bytes', 'Memory of the process in RAM', process.memoryUsage.rss)
  meter.gaugeBy('nodejs_memory_bytes', "Node's memory, by what it is for", 'kind', () => {
    const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage()
    const { heap_size_limit: heapLimit } = getHeapStatistics()
    return {
      heap_used: heapUsed,
      heap_total: heapTotal,
      heap_limit: heapLimit,
      external,
      array_buffers: arrayBuffers,
    }
  })
  meter.gauge('process_open_fds', 'Files and sockets that the process has open', openFiles)
  meter.gauge('process_max_fds', 'Files and sockets that the process may have open', () => mostFiles)
  meter.gaugeBy('switchboard_build_info', 'The version that runs; always 1', 'version', () => ({
    [version]: 1,
  }))
  const stopCollections = measureCollections(meter)
  const delay = meter.spread(
    'nodejs_eventloop_delay_seconds',
    'How late the event loop comes to a timer; looked at every 20 ms',
    quickBounds,
  )
  const stopLoop = watchEventLoop(clock, timers, lateMs => delay.observe(lateMs / 1000))
  return () => {
    stopCollections()
    stopLoop()
  }
}

const collectionKinds = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak_callbacks',
}

function measureCollections(meter: Meter): () => void {
  const spreadOf = meter.spreads(
    'nodejs_gc_duration_seconds',
    'Garbage collections, by kind: the process stands still meanwhile',
    quickBounds,
  )
  const byKind = new Map<number, Spread>(
    Object.entries(collectionKinds).map(([key, kind]) => [Number(key), spreadOf({ kind })]),
  )
  const observer = new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as PerformanceEntry & { readonly detail: { readonly kind: number } }).detail
      byKind.get(kind)?.observe(entry.duration / 1000)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return () => observer.disconnect()
}

/** Only Linux tells; elsewhere it is not a number. */
function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length - 1 // the directory itself is one
  } catch {
    return Number.NaN
  }
}
