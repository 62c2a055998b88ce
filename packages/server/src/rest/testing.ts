import type { InjectOptions } from 'fastify'
import { pino } from 'pino'
import { systemClock } from '../clock.js'
import { createDirectory, type DirectoryDeps } from '../directory/create-directory.js'
import type { Presence } from '../directory/directory.js'
import { numberingPlan } from '../directory/phone-number.js'
import type { Certificate } from '../http/certificate.js'
import { createConnectionCap, roomFor } from '../http/connection-cap.js'
import { createConnections } from '../http/connections.js'
import { createWay } from '../http/proxies.js'
import { httpServers } from '../http/server.js'
import { testDeployment } from '../sessions/testing.js'
import { pgDirectoryStores } from '../storage/directory-stores.js'
import { createClientAddress } from '../throttles/client-address.js'
import { unlimited } from '../throttles/unlimited.js'
import { createRest, type RestDeps } from './server.js'

export interface RestWorldChanges extends Partial<Omit<RestDeps, 'config'>> {
  readonly certificate?: Certificate
  readonly config?: Partial<RestDeps['config']>
}

let people = 0

/** The REST API on real sessions, a real directory and a real database. */
export async function restWorld({ config: changedConfig, certificate, ...changes }: RestWorldChanges = {}) {
  const deployment = await testDeployment()
  const securityProfile = changedConfig?.securityProfile ?? 'standard'
  const node = await deployment.node({ securityProfile })
  const { database, sessions, clock, newId } = node
  const directoryDeps: DirectoryDeps = {
    database,
    stores: pgDirectoryStores(database, node.keys.secrets),
    canonicalise: numberingPlan({ plan: 'open' }),
    hashNewPassword: sessions.hashNewPassword,
    confirmPassword: sessions.confirmPassword,
    accountEvents: node.events,
    notify: async () => {},
    clock,
    newId,
    securityProfile,
  }
  const logged: string[] = []
  const nobodyThere: Presence = { standing: async () => ({ reachable: false, inCall: false }) }
  const log = pino({ level: 'debug' }, { write: line => void logged.push(line) })
  const way = createWay(changedConfig?.trustProxy ?? [])
  const cap = createConnectionCap(roomFor(1_000), { clock: systemClock, log })
  const app = createRest({
    directory: createDirectory(directoryDeps),
    sessions,
    presence: nobodyThere,
    turnCredentials: () => ({ iceServers: [], ttlSeconds: 3_600 }),
    database,
    busState: () => 'none',
    log,
    newId,
    draining: () => false,
    createServer: httpServers({ certificate, cap, connections: createConnections(), way, newId, log }),
    way,
    socketsAt: '/signal',
    site: undefined,
    guide: undefined,
    clientAddress: createClientAddress(changedConfig?.trustProxy ?? []),
    throttles: unlimited,
    ...changes,
    config: {
      securityProfile,
      trustProxy: [],
      allowedOrigins: [],
      publicUrl: undefined,
      rateLimits: true,
      ...changedConfig,
    },
  })

  /** One request past the network; a body goes as JSON. */
  async function ask(method: InjectOptions['method'], url: string, body?: object, token?: string) {
    const response = await app.inject({
      ...(method && { method }),
      url,
      ...(body && { payload: body }),
      ...(token && { headers: { authorization: token } }),
    })
    return {
      status: response.statusCode,
      headers: response.headers,
      body: response.body === '' ? undefined : JSON.parse(response.body),
    }
  }

  /** Somebody with an account, logged in. */
  async function person(more: Record<string, string> = {}) {
    people += 1
    const account = {
      firstname: 'First',
      lastname: `Last${people}`,
      phone_number: String(3_000_000_000 + people),
      email: `rest${people}@domain.yup`,
      password: 'SuperSecure',
      ...more,
    }
    const created = await ask('POST', '/create_user', account)
    if (created.status !== 201) throw new Error(`not created: ${JSON.stringify(created.body)}`)
    const { email, password } = account
    const { body } = await ask('POST', '/login', { email, password })
    return { ...account, token: body.token as string }
  }

  return {
    ...{ app, node, database, clock, logged, ask, person },
    async close() {
      await app.close()
      await deployment.close()
    },
  }
}

export type RestWorld = Awaited<ReturnType<typeof restWorld>>
