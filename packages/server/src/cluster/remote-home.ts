import type { UserId } from '@switchboard/protocol'
import type { Timers } from '../clock.js'
import { limits } from '../limits.js'
import type { Home } from '../signaling/home.js'
import type { Asks } from './asks.js'
import type { Legs } from './legs.js'
import type { Lines } from './lines.js'
import { type Reply, type ToHome, writeMessage } from './messages.js'
import type { NodeId } from './node-id.js'

export interface RemoteHomeDeps {
  readonly self: NodeId
  readonly lines: Lines
  readonly asks: Asks
  readonly legs: Legs
  readonly timers: Timers
  /** Which node the user is at home at, as far as is known here. */
  readonly nodeOf: (userId: UserId) => NodeId | undefined
  /** Looks for it anew. */
  readonly find: (userId: UserId) => Promise<unknown>
}

/** Homes on other nodes, as this node's sessions speak to them. */
export function createRemoteHome(deps: RemoteHomeDeps): Home {
  const { self, lines, asks, legs, timers, nodeOf } = deps

  /** Asks the user's home; a home that moved between being found and being asked is looked for again. */
  function ask(
    userId: UserId,
    make: (ask: number) => ToHome,
    answer: (reply: Reply | undefined) => void,
    tries = 0,
  ) {
    const node = nodeOf(userId)
    if (!node) return answer(undefined)
    const id = asks.open(node, reply => {
      if (!reply || !('noHome' in reply)) return answer(reply)
      if (tries >= limits.homeTries) return answer(undefined)
      timers.after(limits.busAskAgainMs, () => {
        void deps.find(userId).then(
          () => ask(userId, make, answer, tries + 1),
          () => answer(undefined),
        )
      })
    })
    lines.send(node, writeMessage(make(id)))
  }

  const answeredBy = (reply: Reply | undefined) => (reply && 'answered' in reply ? reply.answered : 'lost')

  return {
    arrive(arrival, answer) {
      const { userId: user, device } = arrival
      legs.open(device)
      ask(
        user,
        id => ({ t: 'arrive', at: self, user, device, ask: id, arrival }),
        reply => {
          const answered = answeredBy(reply)
          if (typeof answered === 'string') legs.delete(device)
          answer(answered)
        },
      )
    },

    resume({ id: device, userId: user }, login, answer) {
      const n = legs.nextOf(device)
      ask(
        user,
        id => ({ t: 'resume', at: self, user, device, n, ask: id, login }),
        reply => answer(answeredBy(reply)),
      )
    },

    away: ({ id: device, userId: user }) =>
      step({ t: 'away', at: self, user, device, n: legs.nextOf(device) }),

    leave: ({ id: device, userId: user }) =>
      step({ t: 'leave', at: self, user, device, n: legs.nextOf(device) }),

    relogin({ id: device, userId: user }, login, answer) {
      const n = legs.nextOf(device)
      ask(
        user,
        id => ({ t: 'relogin', at: self, user, device, n, ask: id, login }),
        reply => answer(answeredBy(reply)),
      )
    },

    say({ id: device, userId: user }, said, payload, receipt, answer) {
      const node = nodeOf(user)
      if (!node) return
      const n = legs.nextOf(device)
      const settle = (reply: Reply | undefined) => {
        if (reply && 'said' in reply) answer(reply.said === 'done' ? undefined : reply.said)
      }
      const id = asks.open(node, settle, true)
      lines.send(
        node,
        writeMessage({ t: 'say', at: self, user, device, n, ask: id, said: bare(said), receipt }, payload),
      )
    },
  }

  function step(message: Extract<ToHome, { t: 'away' | 'leave' }>) {
    const node = nodeOf(message.user)
    if (node) lines.send(node, writeMessage(message))
  }
}

/** Without the payload, which travels below the message. */
function bare<S extends object>(said: S): S {
  return { ...said, SDP: undefined, CANDIDATE: undefined }
}
