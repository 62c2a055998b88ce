import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import { openCertificate } from '../http/certificate.js'
import { connectionsWithin, createConnectionCap } from '../http/connection-cap.js'
import { createConnections } from '../http/connections.js'
import { createWay } from '../http/proxies.js'
import { httpServers } from '../http/server.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Meter } from '../meter.js'

export interface HttpDeps {
  readonly config: Pick<Config, 'tls' | 'trustProxy' | 'adminHost'>
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Logger
  readonly meter: Meter
  /** Files that the process may have open, sockets included. */
  readonly mostFiles: number
}

/** What REST and signaling have in common below their listeners: TLS, bounds, and how a request came. */
export async function startHttp({ config, mostFiles, ...deps }: HttpDeps) {
  const certificate = config.tls && (await openCertificate(config.tls, deps))
  const dropped = deps.meter.count(
    'switchboard_connections_dropped_total',
    'Connections of clients that were dropped because too many were open',
  )
  const cap = createConnectionCap(connectionsWithin(mostFiles), { ...deps, dropped })
  const connections = createConnections()
  const way = createWay(config.trustProxy)
  return {
    way,
    createServer: httpServers({ ...deps, certificate, cap, connections, way }),
    /** Encrypted where it leaves the machine; reached also when clients have all other connections, and while we drain. */
    createAdminServer: httpServers({
      ...deps,
      certificate: isLoopback(config.adminHost) ? undefined : certificate,
      cap: createConnectionCap(limits.adminConnections, deps),
      connections: createConnections(),
      way,
    }),
    drain: connections.drain,
    stop: () => certificate?.stop(),
  }
}

const isLoopback = (host: string) => /^(127\.[\d.]+|::1|localhost)$/.test(host)
