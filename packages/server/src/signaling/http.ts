import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { BusState } from '@switchboard/protocol'
import { problemOf, problemType } from '../http/problem.js'
import type { CreateServer } from '../http/server.js'
import { limits } from '../limits.js'

export interface SignalHttpDeps {
  readonly createServer: CreateServer
  readonly isReady: () => Promise<boolean>
  readonly busState: () => BusState
  readonly newId: () => string
}

const plainText = 'text/plain; charset=utf-8'
const readyAlone = 'ready, but the bus is away\n'
const hint = 'This is the signaling port: connect by WebSocket. The REST API has a port of its own.'

/** The HTTP side of the signaling port: health for whoever probes it, and a hint for whoever mistook it for the API. */
export function createSignalHttp({ createServer, isReady, busState, newId }: SignalHttpDeps): Server {
  const respond = (
    { method }: IncomingMessage,
    response: ServerResponse,
    ...[status, type, text]: [number, string, string]
  ) => {
    response.writeHead(status, {
      'x-request-id': newId(),
      'content-type': type,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      ...(status === 503 && { 'retry-after': String(limits.unavailableRetrySeconds) }),
      ...(status === 426 && { connection: 'close, upgrade', upgrade: 'websocket' }),
    })
    response.end(method === 'HEAD' ? undefined : text)
  }

  return createServer((request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const [path] = (request.url ?? '').split('?')
    if (isRead && path === '/health/live') return respond(request, response, 200, plainText, 'live\n')
    if (isRead && path === '/health/ready') {
      void isReady().then(ready =>
        ready
          ? respond(request, response, 200, plainText, busState() === 'away' ? readyAlone : 'ready\n')
          : respond(request, response, 503, plainText, 'not ready\n'),
      )
      return
    }
    respond(request, response, 426, problemType, JSON.stringify(problemOf('upgrade_required', hint)))
  })
}
