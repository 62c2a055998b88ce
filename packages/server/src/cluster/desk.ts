import { closeEvents, type DeviceId, type UserId } from '@switchboard/protocol'
import type { Logger } from '../log.js'
import type { Signaling } from '../signaling/signaling.js'
import type { Host } from './host.js'
import type { Legs } from './legs.js'
import type { Lines } from './lines.js'
import { type Roll, type ToDevice, writeMessage } from './messages.js'
import type { NodeId } from './node-id.js'
import type { Registrar } from './registrar.js'

type MutableRoll = Record<keyof Roll, DeviceId[]>

export interface DeskDeps {
  readonly self: NodeId
  readonly lines: Lines
  readonly legs: Legs
  readonly host: Host
  readonly registrar: Registrar
  readonly signaling: () => Signaling
  readonly log: Logger
}

/** The side of the sessions: what homes on other nodes have for devices of this one. */
export function createDesk({ self, lines, legs, host, registrar, signaling, log }: DeskDeps) {
  /** The user's home is lost: its devices come back, and hear then how things stand. */
  function lose(userId: UserId) {
    registrar.forget(userId)
    log.debug({ userId }, 'the home of a user here is lost')
    for (const session of [...signaling().ofUser(userId)]) {
      signaling().close(session, closeEvents.restarting)
      signaling().remove(session)
    }
  }

  /** Sessions that their home does not know: their devices come back and are known again. */
  function strike(home: NodeId, named: readonly DeviceId[], strangers: readonly DeviceId[]) {
    for (const device of legs.strike(named, new Set(strangers))) {
      const session = signaling().get(device)
      if (!session || (registrar.nodeOf(session.userId) ?? self) !== home) continue // it moved meanwhile
      signaling().close(session, closeEvents.restarting)
      signaling().remove(session)
    }
  }

  /** The devices here by the node at which their user is at home. */
  function roll(nodes: readonly NodeId[]) {
    const rolls = new Map([self, ...nodes].map(node => [node, { present: [], absent: [] } as MutableRoll]))
    for (const device of legs.devices()) {
      const session = signaling().get(device)
      const its = session && rolls.get(registrar.nodeOf(session.userId) ?? self)
      its?.[session?.socket ? 'present' : 'absent'].push(device)
    }
    return rolls
  }

  function moved(userId: UserId, home: NodeId) {
    const sessions = signaling().ofUser(userId)
    if (sessions.length > 0) registrar.moved(userId, home)
    for (const { id } of sessions) legs.forgive(id)
  }

  return {
    lose,
    strike,
    roll,

    receive(from: NodeId, message: ToDevice) {
      switch (message.t) {
        case 'tell':
        case 'inherit':
          if (!legs.get(message.device)) {
            const { t: kind, user, device, n, tell } = message
            return lines.send(from, writeMessage({ t: 'bounced', at: self, user, device, n, kind, tell }))
          }
          return host.deliverHere(message.device, message.n, { kind: message.t, tell: message.tell })
        case 'displace':
        case 'forget':
          return host.deliverHere(message.device, message.n, { kind: message.t })
        case 'refused': {
          const session = signaling().get(message.device)
          return session && signaling().refuse(session, undefined, message.code)
        }
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
          return moved(message.user, message.home)
        case 'strangers':
          return strike(from, message.named, message.devices)
        case 'homeless':
          if (registrar.nodeOf(message.user) === from) lose(message.user)
      }
    },
  }
}
