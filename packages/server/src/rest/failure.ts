import type { ErrorCode } from '@switchboard/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { answerTo } from '../http/answer-to.js'
import { problemType } from '../http/problem.js'
import type { Logger } from '../log.js'

/** Answers a request that failed: for handlers, hooks, the body parser and Fastify itself. */
export const failureHandler =
  (log: Logger, onRefused: (code: ErrorCode) => void = () => undefined) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { problem, retryAfterSeconds, ours } = answerTo(error)
    onRefused(problem.code)
    if (ours) {
      const { id: requestId, method } = request
      const about = { requestId, method, route: request.routeOptions.url, ...traceOf(error) }
      // A database that is away fails every request there is; storage has said so once.
      if (problem.status === 503) log.debug(about, 'a request found no database')
      else log.error(about, 'a request failed')
    }
    reply.code(problem.status).header('x-request-id', request.id).header('cache-control', 'no-store')
    // Fastify hangs up on a body it could not read. It is read or dropped by now, and a client that is still
    // sending would lose the answer.
    reply.removeHeader('connection')
    if (problem.status === 426) reply.header('connection', 'close, upgrade').header('upgrade', 'websocket')
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
    if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.ceil(retryAfterSeconds))
    return reply.type(problemType).send(JSON.stringify(problem))
  }

/** Where an error came from, without its text: messages of the database carry what clients sent. */
function traceOf(error: unknown) {
  if (!(error instanceof Error)) return { kind: typeof error }
  const stack = error.stack
    ?.split('\n')
    .filter(line => /^\s+at /.test(line))
    .map(line => line.trim())
  const { code } = error as { code?: unknown }
  return { kind: error.name, ...(typeof code === 'string' && { sqlState: code }), stack }
}
