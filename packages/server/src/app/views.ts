import { hostname } from 'node:os'
import type { CallId, UserId } from '@switchboard/protocol'
import type { NodeView } from '@switchboard/protocol/admin'
import type { NodeFigures } from '../admin/overview/all-nodes.js'
import { startHour } from '../admin/overview/hour.js'
import { limitsRoute, type NodeTrips, trippedOf } from '../admin/overview/limits.js'
import { createPrometheus } from '../admin/overview/prometheus.js'
import { overviewRoutes } from '../admin/overview/routes.js'
import type { UserStanding } from '../admin/users/stores.js'
import { callRoutes } from '../admin/views/call-routes.js'
import type { Bus } from '../bus/bus.js'
import { type Clock, systemTimers } from '../clock.js'
import type { NodeId } from '../cluster/node-id.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Family } from '../meter.js'
import { pgCallViews } from '../storage/call-views.js'
import type { Database } from '../storage/database.js'
import { nodeLeases } from '../storage/node-views.js'
import type { Throttles } from '../throttles/throttles.js'
import type { Trips } from '../throttles/trips.js'
import { createPanelNodes } from './panel-nodes.js'
import type { RunningSignaling } from './signaling.js'

export interface ViewsDeps {
  readonly database: Database
  /** Undefined: this process has no sockets. */
  readonly signaling: Pick<RunningSignaling, 'settled' | 'endCall' | 'devicesOf'> | undefined
  readonly bus: Bus
  readonly node: NodeId
  readonly clock: Clock
  readonly version: string
  readonly families: () => readonly Family[]
  readonly trips: Pick<Trips, 'newest'>
  readonly throttles: Pick<Throttles, 'callsUsed'>
  readonly isDraining: () => boolean
  readonly isScraped: () => boolean
  readonly prometheusUrl: string | undefined
  readonly log: Logger
}

/** What the panel shows of calls and of the system, from every node. */
export async function startViews(deps: ViewsDeps) {
  const { database, signaling, bus, node: self, clock, families, prometheusUrl } = deps
  const startedAt = new Date(clock.wall()).toISOString()
  const hour = startHour({ families, clock, timers: systemTimers })
  const leases = () => nodeLeases(database, limits.leaseMs, limits.panelNodes)

  function about(): Omit<NodeView, 'id' | 'isThis'> {
    const { connections, ringing, established } = hour.now()
    return {
      ...{ version: deps.version, startedAt, seenAt: new Date(clock.wall()).toISOString() },
      ...{ draining: deps.isDraining(), address: hostname(), connections },
      calls: ringing + established,
    }
  }

  const knownOf = (id: UserId) => ({
    devices: signaling?.devicesOf(id) ?? [],
    used: deps.throttles.callsUsed(id),
  })
  const figures = (since: string): NodeFigures => ({
    ...{ now: hour.now(), steps: hour.since(Number(since)), setUpBounds: hour.setUpBounds() },
  })
  const nodes = createPanelNodes({
    ...deps,
    self,
    others: async () => (await leases()).map(({ id }) => id),
    answers: {
      settled: async () => signaling?.settled(),
      end: callId => signaling?.endCall(callId as CallId) ?? false,
      figures,
      about,
      user: id => knownOf(id as UserId),
      limits: () => ({ tripped: trippedOf(families()), trips: deps.trips.newest() }),
    },
  })
  await nodes.ready
  const routes = [
    ...callRoutes({
      calls: pgCallViews(database),
      settled: async () => void (await nodes.ask('settled')),
      end: async callId => (await nodes.ask<boolean>('end', callId)).some(({ answer }) => answer),
    }),
    ...overviewRoutes({
      ...{ clock, isScraped: deps.isScraped },
      prometheus:
        prometheusUrl === undefined ? undefined : createPrometheus({ ...deps, base: prometheusUrl }),
      bus: () => (bus.alone ? 'alone' : bus.isConnected() ? 'connected' : 'away'),
      figures: async since => {
        const answers = await nodes.ask<NodeFigures | null>('figures', String(since))
        return answers.flatMap(({ answer }) => answer ?? [])
      },
      nodes: async () => {
        const answers = await nodes.ask<ReturnType<typeof about> | null>('about')
        return answers.flatMap(({ node, answer }) =>
          answer ? [{ ...answer, id: node, isThis: node === self }] : [],
        )
      },
    }),
    limitsRoute(async () => {
      const answers = await nodes.ask<NodeTrips | null>('limits')
      return answers.flatMap(({ answer }) => answer ?? [])
    }),
  ]
  return {
    routes,
    /** What the nodes know of a user: the devices of each, and the limits that the user's home counts. */
    async ofUser(id: UserId): Promise<UserStanding> {
      const answers = await nodes.ask<ReturnType<typeof knownOf> | null>('user', id)
      const known = answers.flatMap(({ node, answer }) => (answer ? [{ node, ...answer }] : []))
      return {
        devices: known.flatMap(({ node, devices }) => devices.map(device => ({ ...device, node }))),
        used: {
          calls: Math.max(0, ...known.map(({ used }) => used.calls)),
          strangerCalls: Math.max(0, ...known.map(({ used }) => used.strangerCalls)),
        },
      }
    },
    stop() {
      hour.stop()
      nodes.stop()
    },
  }
}

/** Knows whether somebody fetches the figures. */
export function countScrapes(clock: Clock, families: () => readonly Family[]) {
  let last = Number.NEGATIVE_INFINITY
  return {
    families() {
      last = clock.monotonic()
      return families()
    },
    isScraped: () => clock.monotonic() - last < limits.scrapedMs,
  }
}
