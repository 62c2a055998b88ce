import { type JsonFault, scanObject } from '@switchboard/protocol'
import type { FastifyRequest } from 'fastify'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { pointer } from './validation.js'

const utf8 = new TextDecoder('utf-8', { fatal: true })

const faultTexts: Record<JsonFault, string> = {
  not_an_object: 'must be a JSON object',
  too_deep: `must not nest deeper than ${limits.jsonDepth}`,
  too_many_members: `must not have more than ${limits.jsonMembers} members`,
  duplicate_member: 'must not have a member twice',
}

const invalidBody = (message: string, path = '') =>
  new Refusal('invalid_request', undefined, { faults: [{ path, message }] })

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

function parseObject(bytes: Buffer): object {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw invalidBody('must be UTF-8')
  }
  const members = scanObject(text, limits.jsonDepth, limits.jsonMembers)
  if (typeof members === 'string') throw invalidBody(faultTexts[members])
  try {
    return JSON.parse(text) as object
  } catch {
    throw invalidBody('must be JSON')
  }
}

/** `application/json`; a charset, where one is named, is UTF-8: JSON knows no other (RFC 8259 section 8.1). */
function isJson(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  if (type.trim() !== 'application/json') return false
  return parameters.every(parameter => {
    const [name = '', value = ''] = parameter.split('=')
    return name.trim() !== 'charset' || /^"?utf-?8"?$/.test(value.trim())
  })
}
