import type { IncomingMessage } from 'node:http'
import { isJson, parseObject } from '../http/json-object.js'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'

/** The JSON object of a request, an empty one if it sent nothing. */
export async function readBody(request: IncomingMessage): Promise<object> {
  const { 'content-type': type, 'content-encoding': encoding } = request.headers
  if (type === undefined || !isJson(type) || encoding !== undefined) {
    throw new Refusal('unsupported_media_type')
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= limits.bodyBytes) chunks.push(chunk)
  }
  if (bytes > limits.bodyBytes) throw new Refusal('too_large')
  return bytes === 0 ? {} : parseObject(Buffer.concat(chunks))
}
