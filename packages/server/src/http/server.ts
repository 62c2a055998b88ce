import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { answerSocket } from './answer-socket.js'
import type { Certificate } from './certificate.js'
import { answerClientErrors } from './client-error.js'
import type { ConnectionCap } from './connection-cap.js'
import type { Connections } from './connections.js'
import { problemOf } from './problem.js'
import type { Way } from './proxies.js'
import { asksForWebSocket } from './upgrades.js'

export interface HttpServerDeps {
  /** Undefined: plain HTTP. */
  readonly certificate: Certificate | undefined
  readonly cap: ConnectionCap
  readonly connections: Connections
  readonly way: Way
  readonly newId: () => string
  readonly log: Logger
}

/** A server that is not yet listening, with every bound on its clients set. */
export type CreateServer = (listener: RequestListener) => Server

const bounds: ServerOptions = {
  maxHeaderSize: limits.headerBytes,
  headersTimeout: limits.headersMs,
  requestTimeout: limits.requestMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: limits.requestCheckMs,
  requireHostHeader: false, // ours to refuse, with a problem document
}

/** How the servers of the product are made: REST and signaling differ in their listeners alone. */
export function httpServers({
  certificate,
  cap,
  connections,
  way,
  newId,
  log,
}: HttpServerDeps): CreateServer {
  return listener => {
    const options = {
      ...bounds,
      // From Node 24.9 and 22.21 on; upgrades.ts does it for those before.
      shouldUpgradeCallback: (request: Parameters<typeof asksForWebSocket>[0]) =>
        server.listenerCount('upgrade') > 0 && asksForWebSocket(request),
    }
    const server: Server = certificate
      ? createTlsServer({ ...options, ...certificate.options() })
      : createServer(options)
    certificate?.watch(server as ReturnType<typeof createTlsServer>)
    cap.watch(server)
    connections.watch(server)
    boundAnswers(server)
    server.on('request', (request, response) => {
      if (way.isEncrypted(request)) response.setHeader('strict-transport-security', stayEncrypted)
    })
    server.on('request', listener)
    // An expectation other than 100-continue is a request like any other (RFC 9110 section 10.1.1).
    server.on('checkExpectation', (request, response) => server.emit('request', request, response))
    server.on('connect', (_request, socket) => {
      socket.on('error', () => socket.destroy())
      answerSocket(socket, newId(), problemOf('method_not_allowed'))
    })
    answerClientErrors(server, newId)
    server.on('error', error => {
      const { code } = error as NodeJS.ErrnoException
      if (server.listening) log.warn({ reason: code }, 'a connection could not be taken')
    })
    return server
  }
}

/** RFC 6797; a year, as browsers' own lists ask for. */
const stayEncrypted = `max-age=${limits.stayEncryptedSeconds}; includeSubDomains`

/** Whoever reads nothing is cut, and so is who reads so slowly that an answer never ends. */
function boundAnswers(server: Server): void {
  server.setTimeout(limits.answerStalledMs)
  server.on('request', ({ socket }, response) => {
    const cut = setTimeout(() => socket.destroy(), limits.answerMs)
    response.once('close', () => clearTimeout(cut))
  })
}
