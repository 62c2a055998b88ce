import type { DeviceId, UserId } from '@switchboard/protocol'
import type { Bus } from '../bus/bus.js'
import type { Clock, Timers } from '../clock.js'
import type { Exchange } from '../exchange/exchange.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Meter } from '../meter.js'
import type { Brought, HomeDeps, LocalHome } from '../signaling/home.js'
import type { Homes } from '../signaling/homes.js'
import type { Signaling } from '../signaling/signaling.js'
import { createAsks } from './asks.js'
import { createDesk } from './desk.js'
import { createDraining } from './draining.js'
import { createHandover, type HandoverDeps } from './handover.js'
import { homesOf } from './homes.js'
import { createHost } from './host.js'
import { createLegs } from './legs.js'
import { createLines } from './lines.js'
import { lineMeasures } from './measures.js'
import { type ClusterMessage, isStep, type Roll, readMessage, writeMessage } from './messages.js'
import type { NodeId } from './node-id.js'
import { startPeers } from './peers.js'
import { createRegistrar, type RegistrarDeps } from './registrar.js'
import type { Terms } from './terms.js'
import { createWhereabouts } from './whereabouts.js'

export interface ClusterDeps {
  readonly bus: Bus
  readonly self: NodeId
  readonly exchange: Exchange
  readonly terms: Terms
  readonly throttles: HandoverDeps['throttles']
  readonly rescue: RegistrarDeps['rescue']
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  readonly meter?: Meter
}

/**
 * This node among the others: which users are at home here, which of its devices are at home elsewhere, and the lines
 * between. On a bus with nobody else it gets out of the way.
 */
export function createCluster(deps: ClusterDeps) {
  const { bus, self, exchange, clock, timers, log } = deps
  const parts = {} as { home: LocalHome; signaling: Signaling }
  const signaling = () => parts.signaling
  let isDraining = false
  let stopSweep: () => void = () => undefined
  let stopRoll: () => void = () => undefined

  const asks = createAsks(timers.after)
  const legs = createLegs()
  const whereabouts = createWhereabouts(self)
  const measures = lineMeasures(deps.meter, { waiting: () => lines.waiting(), peers: () => peers.count() })
  const lines = createLines({
    ...deps,
    deliver: receive,
    broken(node, lost) {
      measures.broken.add()
      lose(node, lost)
    },
  })
  const registrar = createRegistrar({
    ...deps,
    isReachable: node => peers.has(node),
    meet(node) {
      peers.meet(node)
      return !peers.isShunned(node)
    },
    yieldTo(userId, node) {
      if (handover().mayGo(userId)) handover().push(userId, node)
      else timers.after(limits.busAskAgainMs, () => registrar.claimAgain(userId))
    },
  })
  const shared = { ...deps, lines, asks, legs, whereabouts, registrar, signaling }
  const host = createHost({ ...shared, home: () => parts.home })
  const desk = createDesk({ ...shared, host })
  let handing: ReturnType<typeof createHandover> | undefined
  const handover = () => {
    handing ??= createHandover({
      ...shared,
      home: parts.home,
      passOnTo: () => (isDraining ? peers.lasting()[0] : undefined),
    })
    return handing
  }
  const peers = startPeers({
    bus,
    self,
    clock,
    timers,
    isDraining: () => isDraining,
    gone(node) {
      const lost = lines.cut(node)
      log.info({ node }, 'a node is gone')
      lose(node, lost)
    },
    back(node) {
      log.info({ node }, 'a node is back that was out of reach')
      registrar.announceAll()
    },
  })

  function receive(from: NodeId, text: string) {
    if (peers.isShunned(from)) return
    peers.meet(from)
    const { message, payload } = readMessage(text)
    dispatch(from, message, payload)
  }

  function dispatch(
    from: NodeId,
    message: ClusterMessage,
    payload: ReturnType<typeof readMessage>['payload'],
  ) {
    switch (message.t) {
      case 'answer':
        return void asks.settle(message.ask, message.reply)
      case 'tell':
      case 'inherit':
      case 'displace':
      case 'forget':
      case 'refused':
      case 'yield':
      case 'unsent':
      case 'homed':
      case 'homeless':
      case 'strangers':
        return desk.receive(from, message)
      case 'keep':
        return host.keep(message)
      case 'roll':
        return answerRoll(from, message)
      case 'want':
      case 'hand':
      case 'took':
        return handover().receive(from, message)
      default:
        return host.receive(message, payload)
    }
  }

  /** Whatever was on the way to or from this node may be lost, `lost` among it: what depended on it begins anew. */
  function lose(node: NodeId, lost: readonly string[]) {
    asks.lose(node)
    for (const userId of registrar.usersAt(node)) desk.lose(userId)
    registrar.lose(node)
    handover().lose(node)
    for (const device of whereabouts.devicesAt(node)) {
      whereabouts.forsake(device)
      away(device)
    }
    sayAgain(node, lost)
  }

  /** Steps of devices that were lost on the way to a home which had moved: they are for the new one, if it lacks them. */
  function sayAgain(node: NodeId, lost: readonly string[]) {
    for (const text of lost) {
      const { message } = readMessage(text)
      if (message.t === 'move' || message.t === 'arrive') asks.settle(message.ask, undefined)
      if (!isStep(message)) continue
      const { user } = message
      const to = registrar.isHere(user) ? self : (registrar.passedOnTo(user) ?? registrar.nodeOf(user))
      if (to !== undefined && to !== node) lines.send(to, text)
    }
  }

  /** Devices that their node does not have have no socket, whatever was lost on the way of saying so. */
  function answerRoll(from: NodeId, { present, absent }: Roll) {
    for (const device of whereabouts.callRoll(from, new Set(present))) away(device)
    const named = [...present, ...absent]
    const strangers = named.filter(device => exchange.ownerOf(device) === undefined)
    if (from === self) desk.strike(self, named, strangers)
    else if (named.length > 0) lines.send(from, writeMessage({ t: 'strangers', named, devices: strangers }))
  }

  function away(device: DeviceId) {
    const userId = exchange.ownerOf(device)
    if (userId) parts.home.away({ id: device, userId })
  }

  function callRoll() {
    for (const [node, roll] of desk.roll(lines.known())) {
      if (node === self) answerRoll(self, roll)
      else lines.send(node, writeMessage({ t: 'roll', ...roll }))
    }
    for (const node of whereabouts.nodes()) {
      if (node !== self && !peers.has(node)) answerRoll(node, { present: [], absent: [] })
    }
    stopRoll = timers.after(limits.rollMs, callRoll)
  }

  function sweep() {
    registrar.sweep()
    whereabouts.skipLost()
    legs.skipLost()
    if (!isDraining) handover().sendHome(node => peers.lasting().includes(node))
    stopSweep = timers.after(limits.homeLingerMs, sweep)
  }

  const draining = createDraining({
    ...shared,
    handover,
    lasting: () => peers.lasting(),
    isDraining: () => isDraining,
  })

  bus.onConnection(isConnected => {
    if (isConnected) registrar.announceAll()
  })

  return {
    /** The parts that speak with each other through the cluster; made after it. */
    join(home: LocalHome, its: Signaling) {
      parts.home = home
      parts.signaling = its
      if (bus.alone) return
      sweep()
      stopRoll = timers.after(limits.rollMs, callRoll)
    },
    ready: () => Promise.all([lines.ready, peers.ready]),
    homesOf: (home: LocalHome): Homes => homesOf({ ...shared, self, host }, home),
    deliver: host.deliver,
    inherit: (({ callId, from, to }) => host.inherit(callId, from, to)) satisfies HomeDeps['inherit'],
    bring: ((call, callee): Promise<Brought> | Brought =>
      bus.alone ? 'here' : handover().bring(call.callId, callee)) satisfies HomeDeps['bring'],
    /**
     * Users are at home here from now on, because their calls are. Who has a device here whose home was elsewhere: that one
     * is lost, whether it was noticed or not, and to this one the device is absent.
     */
    register(users: Iterable<UserId>) {
      if (bus.alone) return
      for (const userId of users) {
        if (registrar.nodeOf(userId) !== undefined) desk.lose(userId)
        registrar.register(userId)
      }
    },
    peers,
    counts: () => ({
      peers: peers.count(),
      homes: registrar.count(),
      devicesElsewhere: whereabouts.count(),
      legs: legs.count(),
    }),

    /** Gives every user and call to nodes that stay; returns whether there was one. */
    async drain(): Promise<boolean> {
      isDraining = true
      peers.beat()
      if (bus.alone || peers.lasting().length === 0) return false
      await draining.start()
      return true
    },
    giveUp: draining.giveUp,
    cleared: draining.cleared,

    stop() {
      stopSweep()
      draining.stop()
      stopRoll()
      asks.stop()
      registrar.stop()
      peers.stop()
      lines.stop()
    },
  }
}
