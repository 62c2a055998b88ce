import type { Clock } from '../clock.js'
import type { Tracer } from '../tracer.js'
import type { RestApp } from './deps.js'

/** A trace for each request, by the id that its answer carries as `x-request-id`. */
export function traceRequests(app: RestApp, tracer: Tracer, clock: Clock): void {
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode, elapsedTime } = reply
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none')
    const method = request.is404 ? 'any' : request.method
    const to = clock.wall()
    tracer.span({
      trace: request.id,
      name: `${method} ${route}`,
      isRoot: true,
      kind: 'server',
      isError: statusCode >= 500,
      from: to - elapsedTime,
      to,
      attributes: {
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': statusCode,
      },
    })
  })
}
