import type { UserId } from '@switchboard/protocol'
import type { Timers } from '../clock.js'
import { limits } from '../limits.js'
import type { Whose } from '../signaling/act.js'
import type { Home } from '../signaling/home.js'
import type { AskOptions, Asks } from './asks.js'
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
    options: AskOptions = {},
    tries = 0,
  ) {
    const node = nodeOf(userId)
    if (!node) return answer(undefined)
    const settle = (reply: Reply | undefined) => {
      if (!reply || !('noHome' in reply)) return answer(reply)
      if (tries >= limits.homeTries) return answer(undefined)
      timers.after(limits.busAskAgainMs, () => {
        void deps.find(userId).then(
          () => ask(userId, make, answer, options, tries + 1),
          () => answer(undefined),
        )
      })
    }
    lines.send(node, writeMessage(make(asks.open(node, settle, options))))
  }

  /** A step that was on its way to a home which stopped is said again where its user is at home by then (`sayAgain`). */
  const answererOf = ({ id, userId }: Whose) => ({
    answerer: () => nodeOf(userId) ?? (legs.get(id) ? self : undefined),
  })

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
        { isPassedOn: true },
      )
    },

    resume(whose, login, answer) {
      const { id: device, userId: user } = whose
      const n = legs.nextOf(device)
      ask(
        user,
        id => ({ t: 'resume', at: self, user, device, n, ask: id, login }),
        reply => answer(answeredBy(reply)),
        answererOf(whose),
      )
    },

    away: ({ id: device, userId: user }) =>
      step({ t: 'away', at: self, user, device, n: legs.nextOf(device) }),

    leave: ({ id: device, userId: user }) =>
      step({ t: 'leave', at: self, user, device, n: legs.nextOf(device) }),

    rang: ({ id: device, userId: user }, callId) =>
      step({ t: 'rang', at: self, user, device, n: legs.nextOf(device), callId }),

    relogin(whose, login, answer) {
      const { id: device, userId: user } = whose
      const n = legs.nextOf(device)
      ask(
        user,
        id => ({ t: 'relogin', at: self, user, device, n, ask: id, login }),
        reply => answer(answeredBy(reply)),
        answererOf(whose),
      )
    },

    say(whose, said, payload, receipt, answer) {
      const { id: device, userId: user } = whose
      const node = nodeOf(user)
      if (!node) return
      const n = legs.nextOf(device)
      const settle = (reply: Reply | undefined) => {
        if (reply && 'said' in reply) answer(reply.said === 'done' ? undefined : reply.said)
      }
      // Without a receipt nothing waits; a refusal comes by itself.
      const id = receipt ? asks.open(node, settle, { isPatient: true, ...answererOf(whose) }) : undefined
      const message: ToHome = { t: 'say', at: self, user, device, n, ask: id, said: bare(said) }
      lines.send(node, writeMessage(message, payload))
    },
  }

  function step(message: Extract<ToHome, { t: 'away' | 'leave' | 'rang' }>) {
    const node = nodeOf(message.user)
    if (node) lines.send(node, writeMessage(message))
  }
}

/** Without the payload, which travels below the message. */
function bare<S extends object>(said: S): S {
  return { ...said, SDP: undefined, CANDIDATE: undefined }
}
