import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import { openCertificate } from '../http/certificate.js'
import { connectionsWithin, createConnectionCap, openFilesLimit } from '../http/connection-cap.js'
import { createConnections } from '../http/connections.js'
import { createWay } from '../http/proxies.js'
import { httpServers } from '../http/server.js'
import type { Logger } from '../log.js'

export interface HttpDeps {
  readonly config: Pick<Config, 'tls' | 'trustProxy'>
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Logger
}

/** What REST and signaling have in common below their listeners: TLS, bounds, and how a request came. */
export async function startHttp({ config, ...deps }: HttpDeps) {
  const certificate = config.tls && (await openCertificate(config.tls, deps))
  const cap = createConnectionCap(connectionsWithin(openFilesLimit()), deps)
  const connections = createConnections()
  const way = createWay(config.trustProxy)
  return {
    way,
    createServer: httpServers({ ...deps, certificate, cap, connections, way }),
    drain: connections.drain,
    stop: () => certificate?.stop(),
  }
}
