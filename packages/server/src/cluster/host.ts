import {
  type CallId,
  closeEvents,
  type DeviceId,
  type SignalErrorCode,
  type UserId,
} from '@switchboard/protocol'
import type { Tell } from '../exchange/effects.js'
import type { Exchange } from '../exchange/exchange.js'
import type { Logger } from '../log.js'
import type { Whose } from '../signaling/act.js'
import type { Delivery, LocalHome } from '../signaling/home.js'
import type { Moved } from '../signaling/homes.js'
import { Session } from '../signaling/session.js'
import type { Signaling } from '../signaling/signaling.js'
import type { AmongNodes } from './among-nodes.js'
import {
  type BetweenHomes,
  type PackedLeg,
  type Reply,
  type ToDevice,
  type ToHome,
  writeMessage,
} from './messages.js'
import type { NodeId } from './node-id.js'
import type { Whereabouts } from './whereabouts.js'

export interface HostDeps extends AmongNodes {
  readonly exchange: Exchange
  readonly home: () => LocalHome
  readonly signaling: () => Signaling
  readonly log: Logger
}

export type Host = ReturnType<typeof createHost>

/** The home's side towards devices on other nodes: hears them in order, delivers to them in order, moves sessions. */
export function createHost(deps: HostDeps) {
  const { self, lines, asks, legs, whereabouts, registrar, exchange } = deps
  /** Sessions that are being fetched, and who waits for them. */
  const keeping = new Map<DeviceId, (() => void)[]>()

  /** To the session of a device, wherever that is. */
  function deliver(device: DeviceId, delivery: Delivery) {
    const known = whereabouts.get(device)
    if (!known) return deps.signaling().deliver(device, delivery)
    if (known.held) return void known.held.push(delivery)
    if (delivery.kind === 'forget') whereabouts.delete(device)
    // Counted on both sides or on none: a session that was never elsewhere counts nothing.
    if (known.node === self && !legs.get(device)) return deps.signaling().deliver(device, delivery)
    const n = ++known.told
    if (known.node === self) return deliverHere(device, n, delivery)
    send(known.node, device, n, delivery)
  }

  function send(node: NodeId, device: DeviceId, n: number, delivery: Delivery) {
    const user = exchange.ownerOf(device) as UserId
    const message: ToDevice =
      delivery.kind === 'tell' || delivery.kind === 'inherit'
        ? { t: delivery.kind, user, device, n, tell: delivery.tell }
        : { t: delivery.kind, device, n }
    lines.send(node, writeMessage(message))
  }

  /** The session had left: it is where the device is now, and counts from what it got. */
  function sendAfter({ at, user, device, n, kind, tell }: Extract<ToHome, { t: 'bounced' }>) {
    const known = whereabouts.get(device)
    if (!known) return
    if (known.node === at) return deps.home().away({ id: device, userId: user }) // it has no session any more
    if (known.node === self) deliverHere(device, n, { kind, tell })
    else send(known.node, device, n, { kind, tell })
  }

  function deliverHere(device: DeviceId, n: number, delivery: Delivery) {
    const leg = legs.get(device)
    if (leg) leg.got.take(n, () => deps.signaling().deliver(device, delivery))
    else deps.signaling().deliver(device, delivery)
  }

  function hold(device: DeviceId): Whereabouts {
    const known = whereabouts.get(device) ?? whereabouts.at(device, self, ...countsHere(device))
    known.held ??= []
    return known
  }

  /** For a device that was here all the time. */
  function countsHere(device: DeviceId): [number, number] {
    const { said, got } = legs.counts(device)
    return [said, got - 1]
  }

  function letGo(device: DeviceId, known: Whereabouts) {
    const held = known.held ?? []
    known.held = undefined
    for (const delivery of held) deliver(device, delivery)
  }

  function answer(node: NodeId, ask: number, reply: Reply) {
    // At once, as what is delivered next is: the user's home came to the node that had asked it.
    if (node === self) asks.settle(ask, reply)
    else lines.send(node, writeMessage({ t: 'answer', ask, reply }))
  }

  /** What a device on another node does. */
  function receive(message: ToHome, payload: Parameters<LocalHome['say']>[2]) {
    const { user, device, at } = message
    if (message.t === 'yielded') return void asks.settle(message.ask, { yielded: message.packed })
    if (!exchange.has(user) && !(message.t === 'arrive' && registrar.isHere(user))) {
      const to = registrar.passedOnTo(user)
      if (to) return lines.send(to, writeMessage(message, payload))
      if ('ask' in message && message.t !== 'say') return answer(at, message.ask, { noHome: true })
      return lines.send(at, writeMessage({ t: 'homeless', user }))
    }
    if (message.t === 'arrive') {
      whereabouts.at(device, at)
      return deps.home().arrive(message.arrival, answered => {
        if (answered === 'refused') whereabouts.delete(device)
        answer(at, message.ask, { answered })
      })
    }
    if (message.t === 'bounced') return sendAfter(message)
    if (message.t === 'move') {
      return move({ id: device, userId: user }, at, message.login, moved => {
        answer(at, message.ask, { moved: moved === 'lost' ? 'refused' : moved })
      })
    }
    const known = whereabouts.get(device)
    if (!known) return 'ask' in message ? refuse(message) : undefined
    known.heard.take(message.n, () => step(message, payload))
  }

  function refuse(message: Extract<ToHome, { t: 'resume' | 'relogin' | 'say' }>) {
    if (message.t === 'say') return answerSaid(message, 'no_call')
    answer(message.at, message.ask, { answered: 'refused' })
  }

  function step(
    message: Exclude<ToHome, { t: 'arrive' | 'move' | 'yielded' | 'bounced' }>,
    payload: Parameters<LocalHome['say']>[2],
  ) {
    const { at, device, user } = message
    const whose = { id: device, userId: user }
    const home = deps.home()
    switch (message.t) {
      case 'away':
        return home.away(whose)
      case 'leave':
        return home.leave(whose)
      case 'rang':
        return home.rang(whose, message.callId)
      case 'resume':
        return home.resume(whose, message.login, answered => answer(at, message.ask, { answered }))
      case 'relogin':
        return home.relogin(whose, message.login, answered => answer(at, message.ask, { answered }))
      case 'say':
        return home.say(whose, message.said, payload, message.ask !== undefined, refused =>
          answerSaid(message, refused),
        )
    }
  }

  function answerSaid(
    { at, ask, device }: Extract<ToHome, { t: 'say' }>,
    refused: SignalErrorCode | undefined,
  ) {
    if (ask !== undefined) answer(at, ask, { said: refused ?? 'done' })
    else if (refused) lines.send(at, writeMessage({ t: 'refused', device, code: refused }))
  }

  /** Moves a session to the node that its device came back on, and what is delivered meanwhile after it. */
  function move(
    whose: Whose,
    to: NodeId,
    login: Parameters<LocalHome['resume']>[1],
    done: (moved: { leg: PackedLeg; welcome: Moved['welcome'] } | 'refused' | 'lost') => void,
  ) {
    const { id: device, userId } = whose
    const refuse = (why: string) => {
      deps.log.debug({ userId, device, to, why }, 'a session is not continued')
      done('refused')
    }
    if (exchange.ownerOf(device) !== userId) return refuse('it is not known')
    const fetching = keeping.get(device)
    if (fetching) return void fetching.push(() => move(whose, to, login, done))
    const known = hold(device)
    const arrived = (packed: PackedLeg | undefined, why = '') => {
      if (!packed || whereabouts.get(device) !== known) {
        letGo(device, known)
        return refuse(packed ? 'it moved meanwhile' : why)
      }
      const moved = whereabouts.at(device, to, packed.said, known.told)
      moved.held = known.held
      deps.home().resume(whose, login, answered => {
        if (typeof answered === 'string') done(answered)
        else done({ leg: packed, welcome: answered })
        letGo(device, moved)
      })
    }
    // Also for a device that came back here while its session was being fetched.
    if (known.node === self) return arrived(yieldSession(device), 'it was to be here')
    if (known.node === to) return arrived(undefined, 'it was to be there')
    const ask = asks.open(known.node, reply => {
      const why = reply ? 'its node has it no more' : 'its node did not answer'
      arrived(reply && 'yielded' in reply ? reply.yielded : undefined, why)
    })
    lines.send(known.node, writeMessage({ t: 'yield', ask, user: userId, device }))
  }

  /**
   * Fetches the session of a device whose node stops, to keep it until the device comes back somewhere. What is delivered
   * meanwhile waits, and what was on the way to that node is in the session when it comes.
   */
  function keep(message: Extract<BetweenHomes, { t: 'keep' }>) {
    const { at, user, device } = message
    const passedOn = registrar.passedOnTo(user)
    if (!exchange.has(user) && passedOn) return lines.send(passedOn, writeMessage(message))
    const known = whereabouts.get(device)
    const isThere = known?.node === at && exchange.ownerOf(device) === user
    if (!known || !isThere || known.held) return // it is being moved to where it came back
    known.held = []
    keeping.set(device, [])
    const ask = asks.open(at, reply => {
      const packed = reply && 'yielded' in reply ? reply.yielded : undefined
      if (packed && whereabouts.get(device) === known) {
        known.node = self
        legs.open(device, packed.said, packed.got)
        deps.signaling().add(Session.from(device, user, packed.session))
      }
      letGo(device, known)
      const waiting = keeping.get(device) ?? []
      keeping.delete(device)
      for (const move of waiting) move()
    })
    lines.send(at, writeMessage({ t: 'yield', ask, user, device }))
  }

  /** Gives up a session of this node; its socket, if it still has one, is of the past. */
  function yieldSession(device: DeviceId): PackedLeg | undefined {
    const session = deps.signaling().get(device)
    if (!session) return undefined
    const packed = { session: session.pack(), ...legs.counts(device) }
    deps.signaling().close(session, closeEvents.displaced)
    deps.signaling().remove(session)
    return packed
  }

  /** What waits unseen for one device is for another: both may be anywhere. */
  function inherit(callId: CallId, from: DeviceId, to: DeviceId) {
    const source = whereabouts.get(from)?.node ?? self
    if (source === self && whereabouts.isHere(to) && !whereabouts.get(to)?.held) {
      return deps.signaling().inherit(callId, from, to)
    }
    const target = hold(to)
    const pass = (tells: readonly Tell[]) => {
      const later = target.held ?? []
      target.held = tells.map((tell): Delivery => ({ kind: 'inherit', tell })).concat(later)
      letGo(to, target)
    }
    if (source === self) return pass(deps.signaling().get(from)?.unsent(callId) ?? [])
    const ask = asks.open(source, reply => pass(reply && 'tells' in reply ? reply.tells : []))
    lines.send(source, writeMessage({ t: 'unsent', ask, device: from, callId }))
  }

  return { deliver, deliverHere, inherit, receive, move, keep, yieldSession, answer }
}
