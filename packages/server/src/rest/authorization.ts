import type { FastifyRequest } from 'fastify'
import { Refusal } from '../refusal.js'
import type { Access } from '../sessions/access.js'
import type { Sessions } from '../sessions/sessions.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, on routes for whoever is logged in. */
    access: Access | null
  }
}

/** The token: bare, as the seed has it, or after `Bearer` (RFC 6750 section 2.1). */
export function tokenOf(request: FastifyRequest): string {
  const token = /^\s*(?:bearer\s+)?(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined || /^bearer$/i.test(token)) throw new Refusal('invalid_token')
  return token
}

/** Before anything of the body is read: without a token nobody learns what a route would make of it. */
export const authenticate = (sessions: Sessions) => async (request: FastifyRequest) => {
  request.access = await sessions.access(tokenOf(request))
}

export function accessOf(request: FastifyRequest): Access {
  if (request.access === null)
    throw new Error(`${request.routeOptions.url} asks who is there on a public route`)
  return request.access
}
