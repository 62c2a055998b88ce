import type { CallId, UserId } from '@switchboard/protocol'
import type { Bus } from '../bus/bus.js'
import type { Clock, Timers } from '../clock.js'
import type { Reached } from '../directory/directory.js'
import type { Component } from '../exchange/component.js'
import type { Exchange } from '../exchange/exchange.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Brought, LocalHome } from '../signaling/home.js'
import type { Signaling } from '../signaling/signaling.js'
import type { Throttles } from '../throttles/throttles.js'
import type { AmongNodes } from './among-nodes.js'
import { type BetweenHomes, type Parcel, type Wanted, writeMessage } from './messages.js'
import type { NodeId } from './node-id.js'
import type { Terms } from './terms.js'
import { whereIs } from './where.js'

export interface HandoverDeps extends AmongNodes {
  readonly bus: Bus
  readonly terms: Terms
  readonly exchange: Exchange
  readonly home: LocalHome
  readonly signaling: () => Signaling
  readonly throttles: Pick<Throttles, 'strangerCall' | 'giveCalls' | 'takeCalls'>
  readonly clock: Clock
  /** Of a node that stops: who takes what still comes. */
  readonly passOnTo: () => NodeId | undefined
  readonly timers: Timers
  readonly log: Logger
}

export type Handover = ReturnType<typeof createHandover>

/**
 * Moves people between homes, so that whoever has to do with each other through a call is decided about in one place:
 * a callee goes to its caller's home for the call. There every rule holds as on one node.
 */
export function createHandover(deps: HandoverDeps) {
  const { bus, self, lines, asks, legs, whereabouts, registrar, terms, exchange, home } = deps
  const { throttles, clock, timers, log } = deps

  const devicesIn = ({ members }: Component) =>
    members.flatMap(({ id: userId, devices }) => devices.map(({ id }) => ({ id, userId })))

  /** Users given away of whom it is not known yet that the other node has them, and where their devices are. */
  const unconfirmed = new Map<UserId, { readonly to: NodeId; readonly nodes: ReadonlySet<NodeId> }>()

  /**
   * Not while a session that would go along is on its way here or from here, or while something that a device did comes
   * by way of another home: it must not be left behind. Whoever wants the user has to wait.
   */
  const mayGo = (userId: UserId) =>
    exchange.devicesTied(userId).every(id => {
      const known = whereabouts.get(id)
      return !known || (known.held === undefined && !known.heard.isWaiting())
    })

  /** Gives a user to another home, with everybody and every call it is tied to. */
  function push(userId: UserId, to: NodeId) {
    const component = exchange.pack(userId, clock.monotonic())
    const nodes = nodesOf(component)
    const packedLegs = devicesIn(component).map(({ id }) => {
      const { said, got } = legs.counts(id)
      if (!whereabouts.get(id)) whereabouts.at(id, self, said, got - 1) // it counts from another home, before
      return whereabouts.pack(id)
    })
    for (const { id } of component.members) {
      registrar.passOn(id, to)
      unconfirmed.set(id, { to, nodes: nodes.get(id) ?? new Set() })
      if (deps.signaling().ofUser(id).length > 0) registrar.moved(id, to)
    }
    for (const { device, node, heard, told } of packedLegs) {
      if (node === self && deps.signaling().get(device) && !legs.get(device))
        legs.open(device, heard, told + 1)
    }
    const parcel: Parcel = {
      component,
      legs: packedLegs,
      terms: component.calls.map(({ id }) => [id, terms.give(id)]),
      spent: component.members.map(({ id }) => [id, throttles.giveCalls(id)]),
    }
    lines.send(to, writeMessage({ t: 'hand', parcel }))
    log.debug({ userId, to, calls: parcel.terms.length }, 'gave a user to another node')
  }

  function take(from: NodeId, { component, legs: packedLegs, terms: theirs, spent }: Parcel) {
    const users = component.members.map(({ id }) => id)
    for (const [callId, term] of theirs) terms.set(callId, term)
    for (const [userId, calls] of spent) throttles.takeCalls(userId, calls)
    for (const leg of packedLegs) whereabouts.unpack(leg)
    for (const userId of users) registrar.register(userId)
    for (const [userId, nodes] of nodesOf(component)) {
      for (const node of nodes) lines.send(node, writeMessage({ t: 'homed', user: userId, home: self }))
    }
    lines.send(from, writeMessage({ t: 'took', users }))
    home.perform(exchange.unpack(component, clock.monotonic()))
    log.debug({ users, from }, 'took users from another node')
    const next = deps.passOnTo()
    for (const userId of users) if (next && exchange.has(userId) && mayGo(userId)) push(userId, next)
  }

  /** The other nodes that each user has devices at. */
  function nodesOf(component: Component): Map<UserId, Set<NodeId>> {
    const nodes = new Map<UserId, Set<NodeId>>()
    for (const { id, userId } of devicesIn(component)) {
      const node = whereabouts.get(id)?.node
      if (node && node !== self) nodes.set(userId, (nodes.get(userId) ?? new Set()).add(node))
    }
    return nodes
  }

  const pause = () => new Promise<void>(resolve => timers.after(limits.busAskAgainMs, resolve))

  /** Brings a callee here, if it is anywhere and free; of two who call each other one goes to the other. */
  async function bring(callId: CallId, { userId, isStranger }: Reached): Promise<Brought> {
    let deadline = clock.monotonic() + limits.busPatienceMs
    while (bus.isConnected() && clock.monotonic() < deadline) {
      const left = Math.min(limits.busRequestMs, deadline - clock.monotonic())
      const found = await whereIs(bus, userId, timers, left).catch(() => 'unanswered' as const)
      if (!exchange.isSought(callId)) return 'moot'
      if (found === 'unanswered') {
        await pause() // it may just have moved
        continue
      }
      if (exchange.has(userId) || !found || found.node === self) return 'here'
      const standing = await want(found.node, callId, userId, isStranger)
      if (!exchange.isSought(callId)) return 'moot'
      if (standing === 'busy') return 'busy'
      if (standing === 'nobody' || exchange.has(userId)) return 'here'
      // An earlier call to this very caller: it will be asked for, or that call ends.
      if (standing === 'earlier') deadline = clock.monotonic() + limits.busPatienceMs
      await pause()
    }
    return exchange.isSought(callId) ? 'here' : 'moot'
  }

  function want(node: NodeId, callId: CallId, user: UserId, isStranger: boolean) {
    return new Promise<Wanted['standing'] | undefined>(resolve => {
      const wanted = exchange.wantedFor(callId)
      if (!wanted) return resolve(undefined)
      const { callerNumber } = wanted
      const placedAt = clock.wall() - (clock.monotonic() - wanted.placedAt)
      const ask = asks.open(node, reply =>
        resolve(reply && 'wanted' in reply ? reply.wanted.standing : undefined),
      )
      lines.send(node, writeMessage({ t: 'want', ask, user, callId, callerNumber, placedAt, isStranger }))
    })
  }

  function onWant(from: NodeId, message: Extract<BetweenHomes, { t: 'want' }>) {
    const { ask, user, callId, callerNumber } = message
    const placedAt = clock.monotonic() - (clock.wall() - message.placedAt)
    let standing: Wanted['standing'] = registrar.passedOnTo(user) ? 'earlier' : 'nobody'
    if (exchange.has(user) && !mayGo(user)) standing = 'earlier'
    else if (exchange.has(user)) {
      const free = exchange.availability(user, { callId, callerNumber, placedAt })
      const isTooMany = free === 'free' && message.isStranger && !throttles.strangerCall(user)
      standing = isTooMany ? 'nobody' : free === 'free' ? 'coming' : free
      if (standing === 'coming') push(user, from)
    }
    lines.send(from, writeMessage({ t: 'answer', ask, reply: { wanted: { standing } } }))
  }

  return {
    push,
    mayGo,
    bring,

    receive(from: NodeId, message: Exclude<BetweenHomes, { t: 'keep' | 'roll' }>) {
      if (message.t === 'want') return onWant(from, message)
      if (message.t === 'hand') return take(from, message.parcel)
      for (const userId of message.users) {
        registrar.tookOver(userId)
        if (unconfirmed.get(userId)?.to === from) unconfirmed.delete(userId)
      }
    },

    /** A node is lost: whoever was on the way there has no home, and the devices had better know it. */
    lose(node: NodeId) {
      for (const [user, { to, nodes }] of unconfirmed) {
        if (to !== node) continue
        unconfirmed.delete(user)
        for (const other of nodes) lines.send(other, writeMessage({ t: 'homeless', user }))
      }
    },

    /** Gives users in no call to a node that has a device of theirs, when this one has none (any more). */
    sendHome(isLasting: (node: NodeId) => boolean) {
      for (const [userId, nodes] of whereabouts.usersAway(exchange.ownerOf)) {
        if (!exchange.isIdle(userId) || !mayGo(userId) || deps.signaling().ofUser(userId).length > 0) continue
        const node = nodes.find(isLasting)
        if (node) push(userId, node)
      }
    },
  }
}
