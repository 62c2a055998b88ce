import type { Logger } from '../log.js'
import type { RestApp } from './deps.js'

/** A line for each request, at `debug`: by its route, for a path may hold anything. */
export function logRequests(app: RestApp, log: Logger): void {
  if (!log.isLevelEnabled('debug')) return
  app.addHook('onResponse', async (request, reply) => {
    const { id: requestId } = request
    const route = request.is404 ? undefined : request.routeOptions.url
    const { statusCode: status, elapsedTime } = reply
    log.debug({ requestId, route, status, ms: Math.round(elapsedTime) }, 'a request is answered')
  })
}
