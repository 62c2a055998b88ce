import { type ErrorCode, errors } from '@switchboard/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { createMeter, type Meter, type Spread, serviceBounds } from '../meter.js'
import type { RestApp } from './deps.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long this route takes, by the class of its status. */
    durations?: (status: number) => Spread
  }
}

export type RestMeasures = ReturnType<typeof restMeasures>

/** What is counted of requests: by the template of their route, never by what a client wrote. */
export function restMeasures(meter: Meter = createMeter()) {
  const spreadOf = meter.spreads(
    'switchboard_http_request_duration_seconds',
    'REST requests, from their header to the last byte of their answer; route none: there is no such route',
    serviceBounds,
  )
  const refusals = meter.countBy(
    'switchboard_http_refusals_total',
    'REST requests that were refused or failed, by the code of the answer',
    'code',
    Object.keys(errors) as ErrorCode[],
  )
  let underWay = 0
  meter.gauge('switchboard_http_requests_under_way', 'REST requests that are being answered', () => underWay)

  function durationsOf(method: string, route: string) {
    const byClass = new Map<number, Spread>()
    return (status: number): Spread => {
      const first = Math.floor(status / 100)
      const known = byClass.get(first)
      if (known) return known
      const spread = spreadOf({ method, route, status: `${first}xx` })
      byClass.set(first, spread)
      return spread
    }
  }

  const nowhere = durationsOf('any', 'none')

  return {
    refused: (code: ErrorCode) => refusals[code].add(),

    /** Times every route that is registered from here on. */
    watch(app: RestApp) {
      app.addHook('onRoute', route => {
        const durations = durationsOf([route.method].flat().join(' '), route.url)
        route.config = { ...route.config, durations }
      })
      app.addHook('onRequest', (_request, reply, next) => {
        underWay++
        // Also when the client goes before its answer has.
        reply.raw.once('close', () => underWay--)
        next()
      })
      app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, next: () => void) => {
        const durations = request.is404 ? nowhere : (request.routeOptions.config.durations ?? nowhere)
        durations(reply.statusCode).observe(reply.elapsedTime / 1000)
        next()
      })
    },
  }
}
