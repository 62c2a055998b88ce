import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type { CallId, UserId } from '@switchboard/protocol'
import { webhookRoutes } from './admin/webhook-routes.js'
import { startAccounts } from './app/accounts.js'
import { startAdmin } from './app/admin.js'
import { builtSite } from './app/built-site.js'
import { startHttp } from './app/http.js'
import { firstLink, startPanel } from './app/identity.js'
import { usersPanel } from './app/panel-users.js'
import { presenceElsewhere, upToDate } from './app/rest-view.js'
import { addressOf, closedToNew, explainListening, listen, portOf, quietTurn } from './app/serving.js'
import { startSignaling } from './app/signaling.js'
import { countScrapes, startViews } from './app/views.js'
import { busStateOf } from './bus/bus.js'
import { aloneBus } from './bus/local.js'
import { measuredBus } from './bus/measured.js'
import { systemClock, systemTimers } from './clock.js'
import type { NodeId } from './cluster/node-id.js'
import { createSharedClock } from './cluster/shared-clock.js'
import { createTerms } from './cluster/terms.js'
import type { Config } from './config.js'
import { createDirectory } from './directory/create-directory.js'
import { numberingPlan } from './directory/phone-number.js'
import { openFilesLimit } from './http/connection-cap.js'
import { idMaker } from './ids.js'
import { limits } from './limits.js'
import type { Logger } from './log.js'
import { createMeter } from './meter.js'
import { measureProcess } from './metrics/process.js'
import { createRest } from './rest/server.js'
import { createSignalHttp } from './signaling/http.js'
import { pgCalls } from './storage/calls.js'
import { credentials } from './storage/credentials.js'
import { pgDirectoryStores } from './storage/directory-stores.js'
import { pgNodes } from './storage/nodes.js'
import { openStorage } from './storage/open.js'
import { webhookDeliveries } from './storage/webhook-deliveries.js'
import { webhookViews } from './storage/webhook-views.js'
import { createClientAddress } from './throttles/client-address.js'
import { createTripped } from './throttles/tripped.js'
import { createTrips } from './throttles/trips.js'
import { iceServers, turnId } from './turn/credentials.js'
import { createWebhooks } from './webhooks/webhooks.js'

/** A running server. */
export interface App {
  /** Addresses listened on, with the ports that the system chose for port 0. */
  readonly addresses: Readonly<Record<'api' | 'signal' | 'admin', string | undefined>>
  /** A secret link to make the first administrator by, for whoever started the server; undefined once there is one. */
  readonly firstAdministrator?: string | undefined
  /** How many sockets, calls, homes and so on there are right now. */
  counts(): Readonly<Record<string, number>>
  /** Stops accepting, tells the clients to come back, finishes what is under way; resolves when all is released. */
  close(): Promise<void>
}

/** Beside `src` and `dist` alike. */
const { version } = createRequire(import.meta.url)('../package.json') as { version: string }

type Release = () => Promise<unknown> | unknown

/**
 * Composition root: starts what the configuration asks for, or throws one clear error and leaves nothing behind.
 * `onLost` hears when the embedded database is gone for good: the process had better end.
 */
export async function startApp(config: Config, log: Logger, onLost: (reason: Error) => void): Promise<App> {
  const releases: Release[] = []
  const close = async () => {
    for (const release of releases.splice(0).reverse()) await release()
  }
  try {
    return { ...(await start(config, log, onLost, releases)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Starts the parts in order; each adds to `releases` what undoes it. */
async function start(
  config: Config,
  log: Logger,
  onLost: (reason: Error) => void,
  releases: Release[],
): Promise<Omit<App, 'close'>> {
  const clock = systemClock
  const newId = idMaker()
  const meter = createMeter()
  const mostFiles = openFilesLimit()
  releases.push(measureProcess({ meter, clock, timers: systemTimers, version, mostFiles }))
  const { createServer, createAdminServer, takesSocket, way, drain, stop } = await startHttp({
    ...{ config, clock, newId, log, meter, mostFiles },
  })
  releases.push(stop)
  const tripped = createTripped(meter)
  const trips = createTrips(clock)
  const node = newId() as NodeId
  const spans = meter.countBy(
    'switchboard_spans_total',
    'Spans of traces, by whether the collector took them; none without a collector',
    'outcome',
    ['sent', 'dropped'],
  )
  const tracer =
    config.tracing &&
    (await import('./tracing/start.js')).startTracing({
      ...{ config: config.tracing, timers: systemTimers, counts: spans, log, version, instance: node },
      newSpanId: () => randomBytes(8).toString('hex'),
    })
  if (tracer) releases.push(tracer.stop)
  const bus = measuredBus(
    config.nats ? await (await import('./bus/nats.js')).natsBus(config.nats, log) : aloneBus(),
    meter,
  )
  releases.push(bus.close)
  const storage = await openStorage({ ...config, log, meter, exclusive: true, runMigrations: true, onLost })
  releases.push(storage.close)
  const { database } = storage
  const webhooks = createWebhooks({
    ...{ config, database, deliveries: webhookDeliveries, views: webhookViews },
    ...{ clock, random: Math.random, version, log, meter },
  })
  webhooks.start()
  releases.push(webhooks.stop)
  const accounts = await startAccounts({ config, database, bus, clock, newId, log, meter, tripped, trips })
  releases.push(accounts.stop)
  const { sessions, accountEvents, mail, throttles, secrets } = accounts
  const clientAddress = createClientAddress(config.trustProxy)
  const canonicalise = numberingPlan(config.numbering)
  const { hashNewPassword, confirmPassword } = sessions
  const directory = createDirectory({
    database,
    stores: pgDirectoryStores(database, secrets, webhooks.sink),
    canonicalise,
    hashNewPassword,
    confirmPassword,
    accountEvents,
    notify: mail.notify,
    clock,
    newId,
    securityProfile: config.securityProfile,
  })

  let draining = false
  meter.gauge('switchboard_draining', '1 while the process is on its way out', () => Number(draining))
  const terms = createTerms()
  const owner = bus.alone ? undefined : node
  const sharedClock = createSharedClock(clock, log)
  const calls = pgCalls({ database, clock: sharedClock, newId, owner, terms, events: webhooks.sink })
  const ports: number[] = []
  const turnCredentials = (userId: UserId, callId?: CallId) =>
    iceServers(config.turn, clock.wall(), turnId(config.turn, userId, callId))
  const signaling =
    config.role === 'api'
      ? undefined
      : await startSignaling({
          config,
          calls,
          bus,
          node,
          nodes: pgNodes(database, calls),
          terms,
          onFenced: () => onLost(new Error('other nodes took over while this one stood still')),
          directory,
          access: sessions.access,
          accountEvents,
          canonicalise,
          iceServers: userId => turnCredentials(userId),
          ports: () => ports,
          way,
          takesSocket,
          clientAddress,
          throttles,
          clock: sharedClock,
          timers: systemTimers,
          newId,
          random: Math.random,
          log,
          meter,
          tripped,
          tracer,
        })
  const busState = () => busStateOf(bus)
  const socketsAt = config.role === 'all' ? '/signal' : undefined
  const presence = signaling?.presence ?? presenceElsewhere(bus)
  const rest = createRest({
    directory: signaling ? upToDate(directory, signaling) : directory,
    sessions,
    presence,
    turnCredentials: (userId, callId) => ({
      iceServers: turnCredentials(userId, callId),
      ttlSeconds: config.turn.ttlSeconds,
    }),
    database,
    busState,
    config,
    log,
    newId,
    draining: () => draining,
    createServer,
    way,
    socketsAt,
    site: builtSite('phone'),
    guide: builtSite('guide'),
    clientAddress,
    throttles,
    meter,
    clock,
    tracer,
  })
  const scrapes = countScrapes(clock, meter.families)
  const views = await startViews({
    ...{ database, signaling, bus, node, clock, version, log, families: meter.families, trips, throttles },
    ...{ isDraining: () => draining, isScraped: scrapes.isScraped, prometheusUrl: config.prometheusUrl },
  })
  releases.push(views.stop)
  const { identity, panel } = startPanel({
    ...{ config, database, accounts, clientAddress, clock, newId, log, version },
    routes: [
      ...views.routes,
      ...usersPanel({ config, database, accounts, directory, presence, clock, standing: views.ofUser }),
      ...webhookRoutes(webhooks),
    ],
  })
  const admin = await startAdmin({
    ...{ config, newId, log, panel },
    site: builtSite('panel'),
    createServer: createAdminServer,
    families: scrapes.families,
  })
  releases.push(admin.stop)
  const isReady = () =>
    database.ping().then(
      () => !draining,
      () => false,
    )
  const http = createSignalHttp({ createServer, isReady, busState, newId })
  releases.push(async () => {
    draining = true
    await quietTurn()
    http.close()
    drain()
    const finished = rest.close() // waits for its sockets at /signal, which signaling sends away meanwhile
    await closedToNew(rest.server)
    await signaling?.stop()
    await finished
  })

  if (socketsAt) signaling?.attach(rest.server, socketsAt)
  signaling?.attach(http, '/')
  const addresses = {
    api: undefined as string | undefined,
    signal: undefined as string | undefined,
    admin: admin.address,
  }
  if (config.role !== 'signal') {
    const { listenBacklog: backlog } = limits
    await rest.listen({ host: config.host, port: config.apiPort, backlog }).catch((error: unknown) => {
      throw explainListening(error, 'API_PORT')
    })
    ports.push(portOf(rest.server))
    addresses.api = addressOf(rest.server, 'http')
  }
  if (config.role !== 'api') {
    await listen(http, config.host, config.signalPort).catch((error: unknown) => {
      throw explainListening(error, 'SIGNAL_PORT')
    })
    ports.push(portOf(http))
    addresses.signal = addressOf(http, 'ws')
  }
  if (config.scenarioNumbers && addresses.api) {
    const { serveScenarios } = await import('./app/scenarios.js')
    releases.push(await serveScenarios({ config, directory, credentials, database, log, api: addresses.api }))
  }
  return {
    addresses,
    counts: () => signaling?.counts() ?? {},
    firstAdministrator: await firstLink(identity, config, admin.address),
  }
}
