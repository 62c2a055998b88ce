import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { ErrorCode } from '@switchboard/protocol'
import { problemOf, problemType } from '../http/problem.js'
import type { CreateServer } from '../http/server.js'

export interface AdminDeps {
  readonly createServer: CreateServer
  readonly newId: () => string
  /** The figures, in the format that the `Accept` field asks for. */
  readonly metrics: (accept: string | undefined) => { readonly type: string; readonly body: string }
}

/** The operator's port: never one that clients reach (contract section 5). */
export function createAdmin({ createServer, newId, metrics }: AdminDeps): Server {
  function respond(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    type: string,
    body: string,
  ) {
    response.writeHead(status, {
      'x-request-id': newId(),
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      ...(status === 405 && { allow: 'GET, HEAD' }),
      ...(type.startsWith('text/') && { vary: 'accept' }),
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  return createServer((request, response) => {
    const refuse = (code: ErrorCode) => {
      const problem = problemOf(code)
      respond(request, response, problem.status, problemType, JSON.stringify(problem))
    }
    const [path] = (request.url ?? '').split('?')
    const isKnown = path === '/metrics' || path === '/health/live'
    if (!isKnown) return refuse('not_found')
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse('method_not_allowed')
    if (path === '/health/live') return respond(request, response, 200, 'text/plain; charset=utf-8', 'live\n')
    const { type, body } = metrics(request.headers.accept)
    respond(request, response, 200, type, body)
  })
}
