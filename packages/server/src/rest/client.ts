import type { FastifyRequest } from 'fastify'
import type { AddressKey } from '../throttles/addresses.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request it is, as limits count clients; set before anything else is looked at. */
    clientAddress: AddressKey | null
  }
}

export function addressOf(request: FastifyRequest): AddressKey {
  if (request.clientAddress === null) throw new Error('a request came past its guard')
  return request.clientAddress
}
