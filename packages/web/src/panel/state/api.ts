import type { AdminProblem } from '@switchboard/protocol/admin'

/** What the server said no with, or `network` when it said nothing. */
export class ApiError extends Error {
  readonly code: string
  readonly retryAfterSeconds: number | undefined
  readonly problem: Partial<AdminProblem>
  constructor(code: string, problem: Partial<AdminProblem> = {}, retryAfterSeconds?: number) {
    super(code)
    this.code = code
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export interface Api {
  get<T>(path: string, signal?: AbortSignal): Promise<T>
  post<T = undefined>(path: string, body?: object): Promise<T>
}

export interface ApiOptions {
  readonly fetch: typeof fetch
  readonly csrfToken: () => string | undefined
  /** The session has ended, or half of it is missing. */
  readonly onOutside: () => void
}

/** Asks the server that the panel came from. */
export function createApi({ fetch, csrfToken, onOutside }: ApiOptions): Api {
  async function ask<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response
    try {
      response = await fetch(`/api${path}`, { credentials: 'same-origin', cache: 'no-store', ...init })
    } catch (error) {
      if (init.signal?.aborted) throw error
      throw new ApiError('network')
    }
    if (response.status === 204) return undefined as T
    const body: unknown = await response.json().catch(() => ({}))
    if (response.ok) return body as T
    const problem = body as Partial<AdminProblem>
    if (problem.code === 'not_signed_in' && path !== '/session') onOutside()
    const wait = response.headers.get('retry-after')
    throw new ApiError(problem.code ?? 'unknown', problem, wait === null ? undefined : Number(wait))
  }

  return {
    get: (path, signal) => ask(path, signal ? { signal } : {}),
    post(path, body = {}) {
      const token = csrfToken()
      return ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { 'x-csrf-token': token }) },
        body: JSON.stringify(body),
      })
    },
  }
}
