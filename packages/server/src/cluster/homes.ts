import type { Bus } from '../bus/bus.js'
import type { Timers } from '../clock.js'
import type { LocalHome } from '../signaling/home.js'
import type { Homes, Moved } from '../signaling/homes.js'
import type { AmongNodes } from './among-nodes.js'
import type { Host } from './host.js'
import { createLocalHome } from './local-home.js'
import { type Reply, writeMessage } from './messages.js'
import { createRemoteHome } from './remote-home.js'

export interface HomesDeps extends AmongNodes {
  readonly bus: Pick<Bus, 'alone'>
  readonly host: Host
  readonly timers: Timers
}

/** The homes of users as the sessions of this node see them: this node's own, and those on other nodes. */
export function homesOf(deps: HomesDeps, home: LocalHome): Homes {
  const { bus, self, lines, asks, legs, whereabouts, registrar, host, timers } = deps
  if (bus.alone) return alone(home)
  const here = createLocalHome(home, legs, whereabouts)
  const { nodeOf, find } = registrar
  const remote = createRemoteHome({
    ...{ self, lines, asks, legs, timers, nodeOf },
    find: async userId => find(userId),
  })
  return {
    of: userId => (nodeOf(userId) === undefined ? here : remote),
    find,
    move({ id, userId }, login, answer) {
      const arrived = (moved: Moved | 'refused' | 'lost', counts?: { said: number; got: number }) => {
        if (counts) legs.open(id, counts.said, counts.got)
        answer(moved)
      }
      const node = nodeOf(userId)
      if (node === undefined) {
        return host.move({ id, userId }, self, login, moved => {
          if (typeof moved === 'string') return arrived(moved)
          arrived({ session: moved.leg.session, welcome: moved.welcome }, moved.leg)
        })
      }
      const take = (reply: Reply | undefined) => {
        if (!reply) return arrived('lost')
        if (!('moved' in reply) || reply.moved === 'refused') return arrived('refused')
        const { leg, welcome } = reply.moved
        arrived({ session: leg.session, welcome }, leg)
      }
      const ask = asks.open(node, take, { isPassedOn: true })
      lines.send(node, writeMessage({ t: 'move', at: self, user: userId, device: id, ask, login }))
    },
    left(session, isLast) {
      legs.delete(session.id)
      if (isLast) registrar.forget(session.userId)
    },
  }
}

/** One node is the whole system. */
const alone = (home: LocalHome): Homes => ({
  of: () => home,
  find: () => undefined,
  move: (_whose, _login, answer) => answer('refused'),
  left: () => undefined,
})
