import type { ApiDeps } from '../admin/api.js'
import { createAdmin } from '../admin/server.js'
import type { Config } from '../config.js'
import type { CreateServer } from '../http/server.js'
import type { Logger } from '../log.js'
import type { Family } from '../meter.js'
import { metricsEndpoint } from '../metrics/endpoint.js'
import { addressOf, explainListening, listen } from './serving.js'

export interface StartAdminDeps {
  readonly config: Pick<Config, 'adminHost' | 'adminPort' | 'adminPortIsSet'>
  readonly createServer: CreateServer
  readonly newId: () => string
  readonly families: () => readonly Family[]
  readonly log: Logger
  /** Undefined: figures alone. */
  readonly panel?: ApiDeps
  /** Where the panel's pages were built to, if they were. */
  readonly site?: string | undefined
}

/** The operator's port. A port that was asked for must be free; without the default one the server goes on, and says so. */
export async function startAdmin({
  config,
  createServer,
  newId,
  families,
  log,
  panel,
  site,
}: StartAdminDeps) {
  const server = createAdmin({ createServer, newId, metrics: metricsEndpoint(families), panel, site })
  try {
    await listen(server, config.adminHost, config.adminPort)
  } catch (error) {
    const explained = explainListening(error, 'ADMIN_PORT', 'ADMIN_HOST')
    if (config.adminPortIsSet) throw explained
    log.warn(`${explained.message}; there are no metrics until ADMIN_PORT names a free one`)
    return { address: undefined, stop: () => undefined }
  }
  return {
    address: addressOf(server, 'http'),
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
