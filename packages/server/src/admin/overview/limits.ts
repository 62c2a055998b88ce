import type { LimitsView } from '@switchboard/protocol/admin'
import { limits } from '../../limits.js'
import type { Family } from '../../meter.js'
import { type AdminRoute, get } from '../route.js'

/** What a node's limits said no to. */
export interface NodeTrips {
  /** By the limit's name, since the node started. */
  readonly tripped: Readonly<Record<string, number>>
  readonly trips: readonly {
    readonly at: number
    readonly limit: string
    readonly address?: string
    readonly userId?: string
  }[]
}

/** As the meter counts them. */
export function trippedOf(families: readonly Family[]): Record<string, number> {
  const family = families.find(({ name }) => name === 'switchboard_limits_tripped_total')
  const counts = (family?.samples() ?? []).map(
    ({ labels, value }) => [labels.limit ?? '', Number(value)] as const,
  )
  return Object.fromEntries(counts)
}

export const limitsRoute = (nodes: () => Promise<readonly NodeTrips[]>): AdminRoute =>
  get({
    ...{ path: '/api/limits', least: 'viewer' },
    handle: async () => together(await nodes()),
  })

/** All nodes' as one. */
export function together(nodes: readonly NodeTrips[]): LimitsView {
  const trips = nodes
    .flatMap(node => node.trips)
    .sort((one, other) => other.at - one.at)
    .slice(0, limits.trips)
  const names = new Set(nodes.flatMap(({ tripped }) => Object.keys(tripped)))
  return {
    limits: [...names].map(name => {
      const last = trips.find(({ limit }) => limit === name)
      return {
        name,
        tripped: nodes.reduce((sum, { tripped }) => sum + (tripped[name] ?? 0), 0),
        lastAt: last ? new Date(last.at).toISOString() : null,
      }
    }),
    trips: trips.map(({ at, limit, address = null, userId = null }) => ({
      at: new Date(at).toISOString(),
      ...{ limit, address, userId },
    })),
  }
}
