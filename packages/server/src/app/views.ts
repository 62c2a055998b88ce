import type { CallId } from '@switchboard/protocol'
import { callRoutes } from '../admin/views/call-routes.js'
import type { Bus } from '../bus/bus.js'
import type { NodeId } from '../cluster/node-id.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { pgCallViews } from '../storage/call-views.js'
import type { Database } from '../storage/database.js'
import { nodeLeases } from '../storage/node-views.js'
import { createPanelNodes } from './panel-nodes.js'
import type { RunningSignaling } from './signaling.js'

export interface ViewsDeps {
  readonly database: Database
  /** Undefined: this process has no sockets. */
  readonly signaling: Pick<RunningSignaling, 'settled' | 'endCall'> | undefined
  readonly bus: Bus
  readonly node: NodeId
  readonly log: Logger
}

/** What the panel shows of calls and of the system, from every node. */
export async function startViews({ database, signaling, bus, node: self, log }: ViewsDeps) {
  const leases = () => nodeLeases(database, limits.leaseMs, limits.panelNodes)
  const nodes = createPanelNodes({
    ...{ bus, self, log },
    others: async () => (await leases()).map(({ id }) => id),
    answers: {
      settled: async () => signaling?.settled(),
      end: callId => signaling?.endCall(callId as CallId) ?? false,
    },
  })
  await nodes.ready
  const routes = callRoutes({
    calls: pgCallViews(database),
    settled: async () => void (await nodes.ask('settled')),
    end: async callId => (await nodes.ask<boolean>('end', callId)).some(({ answer }) => answer),
  })
  return { routes, stop: nodes.stop }
}
