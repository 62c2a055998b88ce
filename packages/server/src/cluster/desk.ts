import { closeEvents, type UserId } from '@switchboard/protocol'
import { Session } from '../signaling/session.js'
import type { Signaling } from '../signaling/signaling.js'
import type { Host } from './host.js'
import type { Legs } from './legs.js'
import type { Lines } from './lines.js'
import { type BetweenHomes, type ToDevice, writeMessage } from './messages.js'
import type { NodeId } from './node-id.js'
import type { Registrar } from './registrar.js'
import type { WhereaboutsMap } from './whereabouts.js'

export interface DeskDeps {
  readonly self: NodeId
  readonly lines: Lines
  readonly legs: Legs
  readonly host: Host
  readonly registrar: Registrar
  readonly whereabouts: WhereaboutsMap
  readonly ownerOf: (device: string) => UserId | undefined
  readonly signaling: () => Signaling
}

/** The side of the sessions: what homes on other nodes have for devices of this one. */
export function createDesk({
  self,
  lines,
  legs,
  host,
  registrar,
  whereabouts,
  ownerOf,
  signaling,
}: DeskDeps) {
  /** The user's home is lost: its devices come back, and hear then how things stand. */
  function lose(userId: UserId) {
    registrar.forget(userId)
    for (const session of [...signaling().ofUser(userId)]) {
      signaling().close(session, closeEvents.restarting)
      signaling().remove(session)
    }
  }

  return {
    lose,

    receive(from: NodeId, message: ToDevice) {
      switch (message.t) {
        case 'tell':
          return host.deliverHere(message.device, message.n, { kind: 'tell', tell: message.tell })
        case 'displace':
        case 'forget':
          return host.deliverHere(message.device, message.n, { kind: message.t })
        case 'yield': {
          const packed = host.yieldSession(message.device)
          const { ask, user, device } = message
          return lines.send(from, writeMessage({ t: 'yielded', at: self, user, device, ask, packed }))
        }
        case 'unsent': {
          const tells = signaling().get(message.device)?.unsent(message.callId) ?? []
          return host.answer(from, message.ask, { tells })
        }
        case 'homed':
          if (registrar.isHere(message.user)) return // it claimed the user too: which of us is settled by claims
          if (signaling().ofUser(message.user).length > 0) registrar.moved(message.user, message.home)
          return
        case 'homeless':
          if (registrar.nodeOf(message.user) === from) lose(message.user)
      }
    },

    /** Keeps the session of a device whose node stopped, until it comes back somewhere. */
    keep({ user, device, leg }: Extract<BetweenHomes, { t: 'keep' }>) {
      const known = whereabouts.get(device)
      if (!known || ownerOf(device) !== user || signaling().get(device)) return
      known.node = self
      legs.open(device, leg.said, leg.got)
      signaling().add(Session.from(device, user, leg.session))
    },
  }
}
