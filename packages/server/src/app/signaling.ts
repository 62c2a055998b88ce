import type { Server as HttpServer } from 'node:http'
import type { IceServer, UserId } from '@switchboard/protocol'
import type { Bus } from '../bus/bus.js'
import type { Timers } from '../clock.js'
import { createCluster } from '../cluster/cluster.js'
import { type RescueStore, startLease } from '../cluster/lease.js'
import type { NodeId } from '../cluster/node-id.js'
import { askPresence } from '../cluster/presence.js'
import type { SharedClock } from '../cluster/shared-clock.js'
import type { Terms } from '../cluster/terms.js'
import { createWakingBus } from '../cluster/waking.js'
import type { Config } from '../config.js'
import type { Directory, Presence } from '../directory/directory.js'
import type { Canonicalise } from '../directory/phone-number.js'
import { calleeOf } from '../exchange/call.js'
import { createExchange } from '../exchange/exchange.js'
import type { Restored } from '../exchange/restore.js'
import type { Way } from '../http/proxies.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Access } from '../sessions/access.js'
import type { AccountEvents } from '../sessions/account-events.js'
import { openConnection } from '../signaling/connection.js'
import { createHome } from '../signaling/home.js'
import { type CallStore, createJournal } from '../signaling/journal.js'
import { startHeart } from '../signaling/link.js'
import { originPolicy } from '../signaling/origins.js'
import { relayOnlyScreen } from '../signaling/screen.js'
import { createSignaling } from '../signaling/signaling.js'
import { createSocketServer } from '../signaling/socket-server.js'
import type { ClientAddress } from '../throttles/client-address.js'
import type { Throttles } from '../throttles/throttles.js'

export interface StartSignalingDeps {
  readonly config: Pick<
    Config,
    | 'ringTimeoutMs'
    | 'resumeWindowMs'
    | 'heartbeatMs'
    | 'allowedOrigins'
    | 'publicUrl'
    | 'rateLimits'
    | 'securityProfile'
  >
  readonly calls: CallStore & { living(): Promise<Restored[]> }
  readonly bus: Bus
  readonly node: NodeId
  readonly nodes: RescueStore
  readonly terms: Terms
  /** Other nodes have taken over: this process had better end. */
  readonly onFenced: () => void
  readonly directory: Pick<Directory, 'locate' | 'profile'>
  readonly access: (token: string) => Promise<Access>
  readonly accountEvents: Pick<AccountEvents, 'subscribe'>
  readonly canonicalise: Canonicalise
  readonly iceServers: (userId: UserId) => readonly IceServer[]
  /** Ports of our own pages; known once they are listened on. */
  readonly ports: () => readonly number[]
  readonly way: Way
  readonly clientAddress: ClientAddress
  readonly throttles: Throttles
  readonly clock: SharedClock
  readonly timers: Timers
  readonly newId: () => string
  readonly random: () => number
  readonly log: Logger
}

/** Signaling at work: attach it to servers, drain it, stop it. */
export interface RunningSignaling {
  readonly presence: Presence
  /** Serves sockets at this path of the server. */
  attach(server: HttpServer, path: string): void
  /** Resolves when every step of a call so far is in the database. */
  settled(): Promise<void>
  counts(): Readonly<Record<string, number>>
  /** Takes no new sockets, sends every client away to come back, and releases everything; calls stay as written. */
  stop(): Promise<void>
}

/** Builds signaling and takes up the calls that lived when the server stopped. */
export async function startSignaling(deps: StartSignalingDeps): Promise<RunningSignaling> {
  const { config, throttles, clock, log } = deps
  const exchange = createExchange({
    ringTimeoutMs: config.ringTimeoutMs,
    resumeWindowMs: config.resumeWindowMs,
    devicesPerUser: limits.devicesPerUser,
    candidatesPerSide: config.rateLimits ? limits.candidatesPerSide : Number.POSITIVE_INFINITY,
    screen: relayOnlyScreen,
  })
  const self = deps.node
  const waking = deps.bus.alone ? undefined : createWakingBus(deps.bus, clock, deps.timers)
  const bus = waking?.bus ?? deps.bus
  const journal = createJournal({ store: deps.calls, clock, log })
  let lease: Awaited<ReturnType<typeof startLease>> | undefined
  const cluster = createCluster({
    ...deps,
    bus,
    self,
    exchange,
    rescue: userId => (lease ? lease.rescue(userId) : Promise.resolve('none')),
  })
  const { deliver, inherit, bring } = cluster
  const home = createHome({ ...deps, exchange, journal, deliver, inherit, bring })
  const signaling = createSignaling({
    ...deps,
    homes: cluster.homesOf(home),
    heartbeatMs: config.heartbeatMs,
    onLost: ({ id, userId }) => cluster.giveUp(id, userId),
  })
  const stopListening = deps.accountEvents.subscribe(event => {
    if (event.kind === 'profile_changed') void home.renumber(event.userId, event.phoneNumber)
  })
  cluster.join(home, signaling)
  await cluster.ready()

  function restore(calls: readonly Restored[]) {
    home.restore(calls)
    cluster.register(
      calls.flatMap(({ call }) => [call.caller.userId, calleeOf(call) ?? []].flat() as UserId[]),
    )
  }
  const heart = startHeart(clock, config.heartbeatMs)
  let accepting = true
  const sockets = createSocketServer({
    random: deps.random,
    open: (link, seat) => openConnection(link, signaling, { budget: throttles.socketBudget(), seat, clock }),
    seatFor: request =>
      throttles.openSocket(
        deps.clientAddress(request.socket.remoteAddress, request.headers['x-forwarded-for']),
      ),
    heart,
    isOriginAllowed: originPolicy(config.allowedOrigins, config.publicUrl, deps.ports),
    isAccepting: () => accepting,
    way: deps.way,
    refusePlain: config.securityProfile === 'strict',
    newId: deps.newId,
  })
  if (bus.alone) {
    const living = await deps.calls.living()
    restore(living)
    if (living.length > 0) log.info({ calls: living.length }, 'took up the calls that lived at the last stop')
  } else {
    lease = await startLease({
      ...deps,
      bus,
      self,
      store: deps.nodes,
      onRenewed: askedAt => waking?.renewed(askedAt),
      adopt({ calls, terms }) {
        for (const [callId, term] of terms) deps.terms.set(callId, term)
        restore(calls)
      },
    })
  }

  return {
    presence: {
      async standing(userId) {
        if (exchange.has(userId) || bus.alone) return exchange.presence(userId)
        return askPresence(bus, userId, deps.timers)
      },
    },
    attach: sockets.attach,
    settled: journal.settled,
    counts: () => ({
      ...exchange.counts(),
      ...cluster.counts(),
      sessions: signaling.count(),
      sockets: heart.links.size,
      busAway: bus.isConnected() ? 0 : 1,
    }),
    async stop() {
      accepting = false
      const isHandedOver = await cluster.drain()
      await sockets.drain()
      heart.stop()
      if (isHandedOver) await cluster.cleared()
      signaling.stop()
      stopListening()
      home.stop()
      await journal.close()
      await lease?.stop()
      cluster.stop()
      waking?.stop()
    },
  }
}
