import { limits } from '../limits.js'
import type { AttemptError, Delivery } from './deliveries.js'
import { eventId, payloadOf } from './payload.js'
import { sign } from './sign.js'

export interface Answer {
  readonly status: number | null
  /** None: delivered. */
  readonly error: AttemptError | null
  /** The receiver asks to be left alone for as long. */
  readonly retryAfterMs?: number
}

export interface SendDeps {
  readonly url: string
  readonly secrets: readonly Buffer[]
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly userAgent: string
  readonly signal: AbortSignal
}

/** One attempt. Any answer is a value, and so is none. */
export async function send(event: Delivery, deps: SendDeps): Promise<Answer> {
  const body = payloadOf(event)
  const id = eventId(event)
  const seconds = Math.floor(deps.now / 1000)
  try {
    const response = await fetch(deps.url, {
      method: 'POST',
      redirect: 'manual', // who moved must say so to the operator: a redirect could lead anywhere
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': deps.userAgent,
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': sign(deps.secrets, id, seconds, body),
      },
      signal: AbortSignal.any([deps.signal, AbortSignal.timeout(limits.webhookSendMs)]),
    })
    await readAway(response)
    return judge(response)
  } catch (error) {
    return { status: null, error: errorOf(error) }
  }
}

/** A short body is read, so that the connection can be used again; a long one costs its connection. */
async function readAway({ body }: Response): Promise<void> {
  if (!body) return
  const reader = body.getReader()
  let bytes = 0
  try {
    while (bytes <= limits.webhookAnswerBytes) {
      const { done, value } = await reader.read()
      if (done) return
      bytes += value.byteLength
    }
    await reader.cancel()
  } catch {
    // the status has said what there is to say
  }
}

function judge({ status, headers }: Response): Answer {
  if (status >= 200 && status < 300) return { status, error: null }
  if (status >= 300 && status < 400) return { status, error: 'redirect' }
  if (status === 410) return { status, error: 'gone' }
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  if (!(seconds > 0)) return { status, error: 'status' }
  return { status, error: 'status', retryAfterMs: Math.min(seconds * 1000, limits.webhookRetryMaxMs) }
}

const nameCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'])

function errorOf(error: unknown): AttemptError {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } }
  if (name === 'TimeoutError') return 'timeout'
  const code = String(cause?.code ?? '')
  if (nameCodes.has(code)) return 'name'
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'timeout'
  if (/^ERR_(TLS|SSL)|CERT|SELF_SIGNED|UNABLE_TO_/.test(code)) return 'tls'
  return 'connection'
}
