import type { AdminRoute } from '../admin/route.js'
import { callRoutes } from '../admin/views/call-routes.js'
import { pgCallViews } from '../storage/call-views.js'
import type { Database } from '../storage/database.js'
import type { RunningSignaling } from './signaling.js'

export interface ViewsDeps {
  readonly database: Database
  /** Undefined: this process has no sockets. */
  readonly signaling: Pick<RunningSignaling, 'settled'> | undefined
}

/** What the panel shows of calls and of the system. */
export function panelViews({ database, signaling }: ViewsDeps): readonly AdminRoute[] {
  const settled = async () => signaling?.settled()
  return callRoutes(pgCallViews(database), settled)
}
