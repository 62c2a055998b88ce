import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import { openCertificate } from '../http/certificate.js'
import { connectionsWithin, createConnectionCap, roomFor } from '../http/connection-cap.js'
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
  const turnedAway = deps.meter.count(
    'switchboard_connections_dropped_total',
    'Connections of clients that were dropped, or refused as sockets, because too many were open',
  )
  const room = connectionsWithin(mostFiles)
  if (Number.isFinite(mostFiles))
    deps.log.info({ openFiles: mostFiles, sockets: room.sockets }, 'room for sockets ("ulimit -n")')
  const cap = createConnectionCap(room, { ...deps, turnedAway })
  const connections = createConnections()
  const way = createWay(config.trustProxy)
  return {
    way,
    createServer: httpServers({ ...deps, certificate, cap, connections, way }),
    /** Encrypted where it leaves the machine; reached also when clients have all other connections, and while we drain. */
    createAdminServer: httpServers({
      ...deps,
      certificate: isLoopback(config.adminHost) ? undefined : certificate,
      cap: createConnectionCap(roomFor(limits.adminConnections), deps),
      connections: createConnections(),
      way,
    }),
    takesSocket: cap.takesSocket,
    drain: connections.drain,
    stop: () => certificate?.stop(),
  }
}

const isLoopback = (host: string) => /^(127\.[\d.]+|::1|localhost)$/.test(host)
