import { type Role, roles } from '@switchboard/protocol/admin'
import { pino } from 'pino'
import { httpWorld, listening } from '../http/testing.js'
import { addressKey } from '../throttles/addresses.js'
import type { AdminSession } from './entered.js'
import { createFromHere } from './from-here.js'
import type { AdminRoute, Least } from './route.js'
import { createAdmin } from './server.js'

const id = '0192f3a4-0000-7000-8000-000000000001'
const csrfToken = 'the-token-of-the-page'

const sessionOf = (role: Role): AdminSession => ({
  administrator: { id, name: 'Ada', role },
  ...{ awaits: undefined, needs: 'nothing', csrfToken, expiresAt: new Date() },
})

/** How every route of a table answers nobody and each role below what it asks for; and the routes that were reached. */
export async function refusedBelow(routes: readonly AdminRoute[]): Promise<string[]> {
  const { createServer, newId } = httpWorld()
  const reached: string[] = []
  // What is asked for here must never be done: a route that is reached says so, and does nothing.
  const guarded = routes.map(route => ({
    ...route,
    readInput: () => ({}),
    readQuery: () => ({}),
    isParam: () => true,
    handle() {
      reached.push(`${route.method} ${route.path}`)
      return undefined
    },
  }))
  const server = createAdmin({
    ...{ createServer, newId },
    metrics: () => ({ type: 'text/plain', body: '' }),
    panel: {
      routes: guarded,
      sessions: {
        find: async token => sessionOf(token.split('-')[0] as Role),
        isNew: async () => false,
      },
      record: async () => undefined,
      throttles: { request: () => undefined },
      clientAddress: () => addressKey('127.0.0.1'),
      fromHere: createFromHere({ adminHost: '127.0.0.1', adminOrigin: undefined }),
      log: pino({ level: 'silent' }),
    },
  })
  const origin = `http://127.0.0.1:${await listening(server)}`
  const answers: string[] = []
  try {
    for (const { method, path, least } of routes) {
      for (const role of below(least)) {
        const headers = {
          ...(role && {
            cookie: `__Host-switchboard-admin=${role}-${'a'.repeat(30)}`,
            'x-csrf-token': csrfToken,
          }),
          ...(method === 'POST' && { origin, 'content-type': 'application/json' }),
        }
        const response = await fetch(origin + path.replaceAll(/:\w+/g, id), { method, headers })
        const { code } = (await response.json().catch(() => ({}))) as { code?: string }
        answers.push(`${role ?? 'nobody'}: ${response.status} ${code}`)
      }
    }
  } finally {
    server.close()
  }
  return [...answers, ...reached.map(route => `reached ${route}`)]
}

function below(least: Least): readonly (Role | undefined)[] {
  if (least === 'anybody') return []
  if (least === 'half_signed_in') return [undefined]
  return [undefined, ...roles.slice(0, roles.indexOf(least))]
}
