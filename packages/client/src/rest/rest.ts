import type { Problem } from '@switchboard/protocol'
import { NetworkError, RequestError } from '../errors.js'

/** An answer takes longer only when somebody is gone. */
const answerWithinMs = 15_000

export interface RestOptions {
  /** The origin of the API, and a path where it is not at the root. */
  readonly url: string
  readonly fetch: typeof fetch
  /** Undefined: nobody is logged in. */
  readonly token: () => string | undefined
}

/** One request; resolves with the body, rejects with a `RequestError` or a `NetworkError`. */
export type Rest = <View = void>(method: string, path: string, body?: object, token?: string) => Promise<View>

export function createRest({ url, fetch, token: current }: RestOptions): Rest {
  return async <View>(method: string, path: string, body?: object, token = current()) => {
    const response = await send()
    const text = await response.text().catch(error => unreachable(error))
    if (response.ok) return (text === '' ? undefined : parse(text)) as View
    const retryAfter = response.headers.get('retry-after')
    throw new RequestError(parse(text) as Problem, retryAfter === null ? undefined : Number(retryAfter))

    async function send() {
      const headers: Record<string, string> = {}
      if (token !== undefined) headers.authorization = `Bearer ${token}`
      if (body) headers['content-type'] = 'application/json'
      try {
        return await fetch(`${url}${path}`, {
          method,
          headers,
          signal: AbortSignal.timeout(answerWithinMs),
          ...(body && { body: JSON.stringify(body) }),
        })
      } catch (error) {
        return unreachable(error)
      }
    }

    /** Errors of the server are problem documents; a page of some proxy is not. */
    function parse(text: string): unknown {
      try {
        const value: unknown = JSON.parse(text)
        if (response.ok || (value as Partial<Problem> | null)?.code) return value
      } catch {
        // said below
      }
      throw new NetworkError(`what answered at ${url} is not Switchboard (${response.status})`)
    }
  }

  function unreachable(cause: unknown): never {
    throw new NetworkError(`${url} cannot be reached`, cause)
  }
}

/** The part of a path that says which page of a list is meant. */
export function query(page: { readonly limit?: number; readonly cursor?: string } = {}): string {
  const pairs = Object.entries(page).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}
