import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { problemOf, problemType } from '../http/problem.js'
import type { CreateServer } from '../http/server.js'
import { type ApiDeps, createApi } from './api.js'
import { createPages } from './pages.js'

export interface AdminDeps {
  /** Undefined: figures alone. */
  readonly panel?: ApiDeps | undefined
  /** Where the panel's pages were built to. */
  readonly site?: string | undefined
  readonly createServer: CreateServer
  readonly newId: () => string
  /** The figures, in the format that the `Accept` field asks for. */
  readonly metrics: (accept: string | undefined) => { readonly type: string; readonly body: string }
}

/** What the answers of the operator's port carry, whatever they say. A page's own policy takes the place of this one. */
const fields = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
}

/** The operator's port: never one that clients reach (contract section 5). */
export function createAdmin({ createServer, newId, metrics, panel, site }: AdminDeps): Server {
  const api = panel && createApi(panel)
  const pages = panel && site !== undefined ? createPages(site) : undefined

  function respond(
    { method }: IncomingMessage,
    response: ServerResponse,
    status: number,
    type: string,
    body: string,
  ) {
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
    response.end(method === 'HEAD' ? undefined : body)
  }

  return createServer((request, response) => {
    for (const [name, value] of Object.entries({ ...fields, 'x-request-id': newId() }))
      response.setHeader(name, value)
    const url = new URL(`http://admin${(request.url ?? '/').replace(/^[^/]/, '/$&')}`)
    const { pathname } = url
    if (api && pathname.startsWith('/api/')) return void api(request, response, url)
    const isKnown = pathname === '/metrics' || pathname === '/health/live'
    if (!isKnown && !pathname.startsWith('/api/') && pages?.(request, response, url)) return
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (!isKnown || !isRead) {
      const problem = problemOf(isKnown ? 'method_not_allowed' : 'not_found')
      if (isKnown) response.setHeader('allow', 'GET, HEAD')
      return respond(request, response, problem.status, problemType, JSON.stringify(problem))
    }
    if (pathname === '/health/live')
      return respond(request, response, 200, 'text/plain; charset=utf-8', 'live\n')
    const { type, body } = metrics(request.headers.accept)
    response.setHeader('vary', 'accept')
    respond(request, response, 200, type, body)
  })
}
