import type { CallId, IceServer, UserId } from '@switchboard/protocol'
import type { Bus } from '../bus/bus.js'
import type { Timers } from '../clock.js'
import type { Config } from '../config.js'
import type { Directory, Presence } from '../directory/directory.js'
import type { Canonicalise } from '../directory/phone-number.js'
import { calleeOf } from '../exchange/call.js'
import { createExchange } from '../exchange/exchange.js'
import type { Restored } from '../exchange/restore.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { createMeter, type Meter } from '../meter.js'
import type { Access } from '../sessions/access.js'
import type { AccountEvents } from '../sessions/account-events.js'
import { createHome } from '../signaling/home.js'
import { type CallStore, createJournal } from '../signaling/journal.js'
import type { SignalingMeasures } from '../signaling/measures.js'
import { relayOnlyScreen } from '../signaling/screen.js'
import { createSignaling, type Signaling } from '../signaling/signaling.js'
import { watchTokens } from '../signaling/token-watch.js'
import type { Throttles } from '../throttles/throttles.js'
import type { Tracer } from '../tracer.js'
import { createCluster } from './cluster.js'
import { type RescueStore, startLease } from './lease.js'
import { leaseMeasures } from './measures.js'
import type { NodeId } from './node-id.js'
import { askPresence } from './presence.js'
import type { SharedClock } from './shared-clock.js'
import type { Terms } from './terms.js'
import { createWakingBus } from './waking.js'

export interface NodeDeps {
  readonly config: Pick<Config, 'ringTimeoutMs' | 'resumeWindowMs' | 'heartbeatMs' | 'rateLimits'>
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
  readonly throttles: Pick<Throttles, 'call' | 'strangerCall' | 'giveCalls' | 'takeCalls'>
  readonly clock: SharedClock
  readonly timers: Timers
  readonly newId: () => string
  readonly log: Logger
  readonly meter?: Meter
  readonly measures?: SignalingMeasures
  readonly tracer?: Tracer | undefined
}

/** Signaling without its sockets: this node's sessions and homes, among the other nodes if there are any. */
export interface SignalingNode {
  readonly signaling: Signaling
  readonly presence: Presence
  /** Resolves when every step of a call so far is in the database. */
  settled(): Promise<void>
  counts(): Readonly<Record<string, number>>
  /** An operator ends a call, once it is written so; false: it is not decided about here. */
  endCall(callId: CallId): Promise<boolean>
  /** Takes up the calls that lived when this server stopped, or that other nodes left behind. */
  begin(): Promise<void>
  /** Gives homes and calls to nodes that stay; then `sendAway` closes the sockets, and all is released. */
  stop(sendAway: () => Promise<void>): Promise<void>
}

export async function createNode(deps: NodeDeps): Promise<SignalingNode> {
  const { config, clock, timers, log, node: self, meter = createMeter() } = deps
  const waking = deps.bus.alone ? undefined : createWakingBus(deps.bus, clock, timers)
  const bus = waking?.bus ?? deps.bus
  const exchange = createExchange({
    ringTimeoutMs: config.ringTimeoutMs,
    resumeWindowMs: config.resumeWindowMs,
    devicesPerUser: limits.devicesPerUser,
    candidatesPerSide: config.rateLimits ? limits.candidatesPerSide : Number.POSITIVE_INFINITY,
    screen: relayOnlyScreen,
  })
  const store: CallStore = {
    // What is written under a term that is over changes nothing; nobody is told that it had.
    async write(...steps) {
      await deps.calls.write(...steps)
      await waking?.certain()
    },
  }
  const journal = createJournal({ store, clock, timers, log, meter })
  let lease: Awaited<ReturnType<typeof startLease>> | undefined
  const cluster = createCluster({
    ...deps,
    meter,
    bus,
    self,
    exchange,
    rescue: userId => (lease ? lease.rescue(userId) : Promise.resolve('none')),
  })
  const { deliver, inherit, bring } = cluster
  const atHome = (userId: UserId) => cluster.register([userId])
  const home = createHome({
    ...{ ...deps, exchange, journal, deliver, inherit, bring, atHome, meter },
    ...(deps.measures && { tripped: deps.measures.tripped }),
  })
  const signaling = createSignaling({
    ...deps,
    homes: cluster.homesOf(home),
    heartbeatMs: config.heartbeatMs,
    onLost: ({ id, userId }) => cluster.giveUp(id, userId),
  })
  meter.gaugeBy('switchboard_calls', 'Calls that this node decides about', 'state', exchange.callsByState)
  meter.gauge(
    'switchboard_users_present',
    'Users who are connected, or in a call, and at home at this node',
    () => exchange.counts().members,
  )
  meter.gaugeBy(
    'switchboard_devices',
    'Devices with a session on this node; away: its socket is lost and may come back',
    'state',
    signaling.attachment,
  )
  const measures = leaseMeasures(meter)
  const stopListening = deps.accountEvents.subscribe(event => {
    if (event.kind === 'profile_changed') void home.renumber(event.userId, event.phoneNumber)
  })
  cluster.join(home, signaling)
  const stopWatch = watchTokens({ sessions: signaling.all, clock, timers })
  await cluster.ready()

  function restore(calls: readonly Restored[]) {
    home.restore(calls)
    cluster.register(calls.flatMap(({ call }) => [call.caller.userId, calleeOf(call) ?? []].flat()))
  }

  return {
    signaling,

    presence: {
      async standing(userId) {
        if (exchange.has(userId) || bus.alone) return exchange.presence(userId)
        return askPresence(bus, userId, timers)
      },
    },

    settled: journal.settled,

    async endCall(callId) {
      if (!home.endByAdmin(callId)) return false
      await journal.settled()
      return true
    },

    counts: () => ({
      ...exchange.counts(),
      ...cluster.counts(),
      sessions: signaling.count(),
      busAway: bus.isConnected() ? 0 : 1,
    }),

    async begin() {
      if (!bus.alone) {
        lease = await startLease({
          ...deps,
          bus,
          self,
          measures,
          onRenewed: askedAt => waking?.renewed(askedAt),
          store: deps.nodes,
          has: exchange.hasCall,
          shun: cluster.peers.shun,
          adopt({ calls, terms }) {
            for (const [callId, term] of terms) deps.terms.set(callId, term)
            restore(calls)
          },
        })
        return
      }
      const living = await deps.calls.living()
      restore(living)
      if (living.length > 0)
        log.info({ calls: living.length }, 'took up the calls that lived at the last stop')
    },

    async stop(sendAway) {
      const isHandedOver = await cluster.drain()
      await sendAway()
      if (isHandedOver) await cluster.cleared()
      stopWatch()
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
