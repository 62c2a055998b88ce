import type { FastifyRequest } from 'fastify'
import { pointer } from '../http/faults.js'
import { invalidBody, isJson, parseObject } from '../http/json-object.js'
import { Refusal } from '../refusal.js'

/**
 * The body of a request: undefined when there is none. A route that declares no body takes an empty object as well, and
 * does not ask for a content type: the seed's clients send `{}` with a GET (contract section 2).
 */
export function readBody(request: FastifyRequest, bytes: Buffer): unknown {
  const takesBody = request.routeOptions.schema?.body !== undefined
  const type = request.headers['content-type']
  if (bytes.length === 0 && !takesBody) return undefined
  if (type === undefined ? takesBody : !isJson(type)) throw new Refusal('unsupported_media_type')
  if (request.headers['content-encoding'] !== undefined) throw new Refusal('unsupported_media_type')
  if (bytes.length === 0) return undefined
  const body = parseObject(bytes)
  if (takesBody) return body
  const [unknown] = Object.keys(body)
  if (unknown !== undefined) throw invalidBody('is not known here', pointer(unknown))
  return undefined
}
