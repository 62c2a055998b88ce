import type { LongerView, NodesView, OverviewView } from '@switchboard/protocol/admin'
import Type from 'typebox'
import type { Clock } from '../../clock.js'
import { limits } from '../../limits.js'
import { Refusal } from '../../refusal.js'
import { type AdminRoute, get } from '../route.js'
import { moment, readMoment } from '../views/moment.js'
import { allNodes, type NodeFigures } from './all-nodes.js'
import { type AskPrometheus, longerRanges } from './prometheus.js'

export interface OverviewRoutesDeps {
  readonly clock: Pick<Clock, 'wall'>
  /** Of every node that answers. */
  readonly figures: (since: number) => Promise<readonly NodeFigures[]>
  readonly bus: () => OverviewView['bus']
  readonly isScraped: () => boolean
  readonly prometheus: AskPrometheus | undefined
  readonly nodes: () => Promise<NodesView['nodes']>
}

/** How it goes: all nodes together, and each of them. */
export function overviewRoutes(deps: OverviewRoutesDeps): readonly AdminRoute[] {
  const { prometheus } = deps
  return [
    get({
      ...{ path: '/api/overview', least: 'viewer' },
      query: Type.Object({ since: Type.Optional(moment) }),
      async handle({ query }): Promise<OverviewView> {
        const now = deps.clock.wall()
        const since = Math.max(readMoment(query.since)?.getTime() ?? 0, now - limits.hourMs)
        // The last minute is wanted in any case.
        const nodes = await deps.figures(Math.min(since, now - 2 * 60_000))
        return {
          at: new Date(now).toISOString(),
          ...allNodes(nodes, since, now),
          stepSeconds: limits.hourStepMs / 1_000,
          ...{ nodes: nodes.length, bus: deps.bus(), prometheus: deps.isScraped() },
          longer: prometheus !== undefined,
        }
      },
    }),
    get({
      ...{ path: '/api/overview/longer', least: 'viewer' },
      query: Type.Object({
        range: Type.Union([Type.Literal('6h'), Type.Literal('24h'), Type.Literal('7d')]),
      }),
      async handle({ query: { range } }): Promise<LongerView> {
        if (!prometheus) throw new Refusal('service_unavailable', 'PROMETHEUS_URL is not set')
        return { stepSeconds: longerRanges[range].step, points: await prometheus(range) }
      },
    }),
    get({
      ...{ path: '/api/nodes', least: 'viewer' },
      handle: async (): Promise<NodesView> => ({ nodes: await deps.nodes() }),
    }),
  ]
}
