import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Limit, Refused } from './refuse.js'

/** The last time that a limit said no to somebody. */
export interface Trip extends Refused {
  readonly at: number
  readonly limit: Limit
}

export type Trips = ReturnType<typeof createTrips>

/**
 * Whom limits said no to of late, for the panel: in memory alone, and few. Who is refused again and again is one of
 * them, so that a flood hides nobody else.
 */
export function createTrips({ wall }: Pick<Clock, 'wall'>) {
  const trips = new Map<string, Trip>()
  return {
    note(limit: Limit, who: Refused = {}) {
      const key = `${limit} ${who.address ?? ''} ${who.userId ?? ''}`
      trips.delete(key)
      trips.set(key, { ...who, at: wall(), limit })
      const [oldest] = trips.keys()
      if (trips.size > limits.trips && oldest !== undefined) trips.delete(oldest)
    },
    newest: (): readonly Trip[] => [...trips.values()].reverse(),
  }
}
