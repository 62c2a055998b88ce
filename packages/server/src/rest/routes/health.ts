import { healthView, jwksView, readyView } from '@switchboard/protocol'
import { limits } from '../../limits.js'
import { Refusal } from '../../refusal.js'
import type { RestApp, RestDeps } from '../deps.js'

const tags = ['Server']

export function healthRoutes(app: RestApp, { database, busState, draining, sessions }: RestDeps) {
  app.get('/health/live', {
    config: { operation: { access: 'public' } },
    schema: {
      operationId: 'health_live',
      summary: 'Whether the process answers',
      tags,
      response: { 200: healthView },
    },
    handler: async () => ({ status: 'ok' as const }),
  })

  const isReady = readiness(() => database.ping(), draining)
  app.get('/health/ready', {
    config: { operation: { access: 'public' } },
    schema: {
      operationId: 'health_ready',
      summary: 'Whether requests should be sent here, and whether other nodes can be reached',
      tags,
      response: { 200: readyView },
    },
    handler: async () => {
      if (!(await isReady())) {
        throw new Refusal('service_unavailable', 'Not ready', {
          retryAfterSeconds: limits.unavailableRetrySeconds,
        })
      }
      return { status: 'ok' as const, bus: busState() }
    },
  })

  app.get('/.well-known/jwks.json', {
    config: { operation: { access: 'public' } },
    schema: {
      operationId: 'jwks',
      summary: 'The public keys that tokens are signed by',
      tags,
      response: { 200: jwksView },
    },
    handler: async () => sessions.jwks(),
  })
}

/** However many ask at once, the database is asked once, and nobody waits longer than the bound. */
export function readiness(ping: () => Promise<void>, draining: () => boolean): () => Promise<boolean> {
  let asking: Promise<boolean> | undefined
  const ask = () => {
    asking ??= ping()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asking = undefined
      })
    return asking
  }
  return async () => {
    if (draining()) return false
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<boolean>(resolve => {
      timer = setTimeout(resolve, limits.readyWithinMs, false)
    })
    return Promise.race([ask(), tooLate]).finally(() => clearTimeout(timer))
  }
}
