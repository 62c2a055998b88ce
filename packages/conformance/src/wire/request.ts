import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface RestResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The parsed body; an empty object where there is none or it is not JSON. */
  readonly body: Record<string, unknown>
}

export interface RestOptions {
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is; the content type is the caller's. */
  readonly raw?: string | Buffer
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** The authority of a server that has a certificate. */
  readonly ca?: string
  /** The address to come from. */
  readonly localAddress?: string
}

const answerWithinMs = 15_000

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** One request over node:http, which sends a body with GET and DELETE as the routes want it; fetch refuses to. */
export function request(
  base: string,
  method: string,
  path: string,
  options: RestOptions = {},
): Promise<RestResponse> {
  const payload = options.body === undefined ? options.raw : JSON.stringify(options.body)
  const chunked = options.headers?.['transfer-encoding'] !== undefined
  const headers: Record<string, string | number> = {
    ...(options.body !== undefined && { 'content-type': 'application/json' }),
    ...(payload !== undefined && !chunked && { 'content-length': Buffer.byteLength(payload) }),
    ...(options.token !== undefined && { authorization: options.token }),
    ...options.headers,
  }
  const { ca, localAddress } = options
  const send = base.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = send(
      new URL(path, base),
      { method, headers, ca, localAddress, agent: false, signal: AbortSignal.timeout(answerWithinMs) },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) })
        })
      },
    )
    sent.on('error', reject)
    sent.end(payload)
  })
}
