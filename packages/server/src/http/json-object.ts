import { type JsonFault, scanObject } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'

const utf8 = new TextDecoder('utf-8', { fatal: true })

const faultTexts: Record<JsonFault, string> = {
  not_an_object: 'must be a JSON object',
  too_deep: `must not nest deeper than ${limits.jsonDepth}`,
  too_many_members: `must not have more than ${limits.jsonMembers} members`,
  duplicate_member: 'must not have a member twice',
}

export const invalidBody = (message: string, path = '') =>
  new Refusal('invalid_request', undefined, { faults: [{ path, message }] })

/** A body that is one JSON object, within our bounds. */
export function parseObject(bytes: Buffer): object {
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
export function isJson(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  if (type.trim() !== 'application/json') return false
  return parameters.every(parameter => {
    const [name = '', value = ''] = parameter.split('=')
    return name.trim() !== 'charset' || /^"?utf-?8"?$/.test(value.trim())
  })
}
