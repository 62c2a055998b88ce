import cors from '@fastify/cors'
import type { FastifyRequest } from 'fastify'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import type { RestApp, RestDeps } from './deps.js'
import { fixedHeaders } from './fixed-headers.js'

/** What every request goes through before its route, and what every answer carries. */
export function guardRequests(app: RestApp, { config, socketsAt, clientAddress, throttles }: RestDeps) {
  const [{ most }] = limits.rates.requests.windows
  let fixed: Awaited<ReturnType<typeof fixedHeaders>> = []
  app.addHook('onReady', async () => {
    fixed = await fixedHeaders()
  })
  // By a callback, like all hooks here that wait for nothing: a promise for each of them is dearer than what they do.
  app.addHook('onRequest', (request, reply, next) => {
    for (const [name, value] of fixed) reply.raw.setHeader(name, value)
    if (config.rateLimits) reply.header('x-ratelimit-limit', most)
    reply.header('x-request-id', request.id).header('cache-control', 'no-store')
    request.clientAddress = clientAddress(
      request.raw.socket.remoteAddress,
      request.headers['x-forwarded-for'],
    )
    try {
      throttles.request(request.clientAddress)
      checkHeaders(request)
    } catch (error) {
      return next(error as Error)
    }
    next()
  })

  const ownOrigin = config.publicUrl === undefined ? [] : [new URL(config.publicUrl).origin]
  const origins = [...new Set([...ownOrigin, ...config.allowedOrigins])]
  if (origins.length > 0) {
    app.register(cors, {
      origin: origins,
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type'],
      exposedHeaders: ['x-request-id', 'retry-after', 'x-ratelimit-limit'],
      maxAge: limits.preflightSeconds,
      strictPreflight: false,
    })
  }
  refuseUnknownRoutes(app, socketsAt)
}

/** Node takes 2,000 fields and drops the rest in silence; and leaves the answer to a missing `Host` to itself. */
function checkHeaders({ raw }: FastifyRequest) {
  if (raw.rawHeaders.length > 2 * limits.headerCount) {
    throw new Refusal('invalid_request', `A request has ${limits.headerCount} header fields at most`)
  }
  if (raw.headers.host === undefined && raw.httpVersion === '1.1') {
    throw new Refusal('invalid_request', 'A request needs a Host field')
  }
}

/** Before a body is read. A wrong method on a path that exists is told which ones are right. */
function refuseUnknownRoutes(app: RestApp, socketsAt: string | undefined) {
  const methodsOf = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsOf.get(url) ?? new Set()
    for (const name of [method].flat()) methods.add(name)
    methodsOf.set(url, methods)
  })
  app.addHook('onRequest', (request, reply, next) => {
    if (!request.is404) return next()
    const [path = ''] = request.url.split('?', 1)
    if (path === socketsAt) return next(new Refusal('upgrade_required'))
    const methods = methodsOf.get(path)
    if (methods === undefined) return next(new Refusal('not_found'))
    reply.header('allow', [...methods].sort().join(', '))
    next(new Refusal('method_not_allowed'))
  })
  app.setNotFoundHandler(() => {
    throw new Refusal('not_found')
  })
}
