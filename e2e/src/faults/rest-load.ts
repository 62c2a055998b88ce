import { setTimeout as sleep } from 'node:timers/promises'
import type { Enlisted } from '../crowd/phone.js'
import type { Product } from '../product.js'
import { request } from '../rest-client.js'
import { Times } from './figures.js'

/** REST requests all the time, to any of several nodes. */
export interface RestLoad {
  readonly times: Times
  readonly failures: readonly string[]
  /** Requests that went to another node because the first took no connection, or reset it without an answer. */
  readonly movedOn: () => { readonly refused: number; readonly reset: number }
  stop(): Promise<void>
}

const routes = [
  { method: 'GET', path: '/get_user', body: undefined },
  { method: 'PUT', path: '/put_firstname', body: { firstname: 'Mara' } },
  { method: 'GET', path: '/get_call_history?limit=5', body: undefined },
  { method: 'GET', path: '/authenticate', body: undefined },
] as const

/**
 * As nginx does by default (`proxy_next_upstream error`; all of these methods are idempotent): a node that refuses the
 * connection, or resets it before it answers, is passed over. Whatever else goes wrong has failed.
 */
export function startRestLoad(
  nodes: readonly Product[],
  people: readonly Enlisted[],
  workers: number,
): RestLoad {
  const times = new Times()
  const failures: string[] = []
  let isStopped = false
  const movedOn = { refused: 0, reset: 0 }
  const bases = nodes.map(({ api }) => api)

  async function ask(n: number): Promise<void> {
    const { method, path, body } = routes[n % routes.length] as (typeof routes)[number]
    const token = people[n % people.length]?.token
    const since = performance.now()
    for (let tries = 0; ; tries++) {
      const base = bases[(n + tries) % bases.length] as string
      try {
        const { status, text } = await request(base, method, path, { token, ...(body && { body }) })
        times.add(performance.now() - since)
        if (status !== 200) failures.push(`${method} ${path}: ${status} ${text.slice(0, 120)}`)
        return
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        if ((code !== 'ECONNREFUSED' && code !== 'ECONNRESET') || tries === 2 * bases.length) {
          failures.push(`${method} ${path}: ${code ?? message}`)
          return
        }
        if (code === 'ECONNREFUSED') movedOn.refused++
        else movedOn.reset++
      }
    }
  }

  let next = 0
  const work = async () => {
    while (!isStopped) {
      await ask(next++)
      await sleep(20)
    }
  }
  const working = Promise.all(Array.from({ length: workers }, work))
  return {
    times,
    failures,
    movedOn: () => ({ ...movedOn }),
    stop: async () => {
      isStopped = true
      await working
    },
  }
}
