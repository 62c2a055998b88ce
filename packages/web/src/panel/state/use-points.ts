import type { OverviewPoint, OverviewView } from '@switchboard/protocol/admin'
import { useRef } from 'preact/hooks'
import { type Loaded, pathWith, useLoaded } from './use-loaded.js'

const hourMs = 3_600_000

/** What there was, then what is new, of the last hour. */
export function joinPoints(before: readonly OverviewPoint[], news: readonly OverviewPoint[], now: string) {
  const first = news[0]?.at
  const kept = first === undefined ? before : before.filter(({ at }) => at < first)
  const since = new Date(Date.parse(now) - hourMs).toISOString()
  return [...kept, ...news].filter(({ at }) => at >= since)
}

/** The overview, every few seconds: all of the hour once, then only what is new. */
export function useOverview(everyMs: number): Loaded<OverviewView> {
  const points = useRef<readonly OverviewPoint[]>([])
  const answered = useRef<OverviewView | undefined>(undefined)
  // The path stays the same between rounds of one page: what is new is asked for by the moment of the last point.
  const loaded = useLoaded<OverviewView>(
    () => pathWith('/overview', { since: points.current.at(-1)?.at }),
    everyMs,
  )
  const { data } = loaded
  if (data && data !== answered.current) {
    answered.current = data
    points.current = joinPoints(points.current, data.points, data.at)
  }
  return { ...loaded, data: data && { ...data, points: points.current } }
}
