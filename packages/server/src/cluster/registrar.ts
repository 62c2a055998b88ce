import type { UserId } from '@switchboard/protocol'
import type { Bus, Subscription } from '../bus/bus.js'
import type { Clock, Timers } from '../clock.js'
import type { Exchange } from '../exchange/exchange.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { homeSubject, type NodeId } from './node-id.js'
import type { Terms } from './terms.js'
import { type Claim, isBefore, readHomeMessage, type Standing, whereIs, writeHomeMessage } from './where.js'

export interface RegistrarDeps {
  readonly bus: Bus
  readonly self: NodeId
  readonly exchange: Pick<Exchange, 'has' | 'callsOf' | 'presence'>
  readonly terms: Pick<Terms, 'of'>
  /** Nodes whose calls of this user are not over, and whether they live; takes over those of dead ones. */
  readonly rescue: (userId: UserId) => Promise<'none' | 'rescued' | NodeId>
  readonly isReachable: (node: NodeId) => boolean
  /** The node gave a sign of life; false: that does not count any more. */
  readonly meet: (node: NodeId) => boolean
  /** Somebody else has a better claim to the user. */
  readonly yieldTo: (userId: UserId, node: NodeId) => void
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

export type Registrar = ReturnType<typeof createRegistrar>

interface PassedOn {
  readonly to: NodeId
  /** Answers no questions any more. */
  readonly hush: () => void
  /** Nor passes anything on. */
  readonly drop: () => void
}

interface Registered {
  readonly since: number
  readonly subscription: Subscription
}

/**
 * Knows where users are at home: at one node each, which is subscribed to the user's subject for as long. Nothing is
 * written down that a node's death would leave behind.
 */
export function createRegistrar(deps: RegistrarDeps) {
  const { bus, self, exchange, clock, timers } = deps
  const registered = new Map<UserId, Registered>()
  const elsewhere = new Map<UserId, NodeId>()
  const passedOn = new Map<UserId, PassedOn>()
  const looking = new Map<UserId, Promise<void>>()
  let turn = 0

  function claimOf(userId: UserId): Claim {
    const terms = exchange.callsOf(userId).map(deps.terms.of)
    return {
      calls: terms.length > 0,
      term: Math.max(0, ...terms),
      since: registered.get(userId)?.since ?? Number.POSITIVE_INFINITY,
      node: self,
    }
  }

  function standing(userId: UserId): Standing {
    const node = passedOn.get(userId)?.to
    return { node: node ?? self, ...exchange.presence(userId) }
  }

  function announce(userId: UserId) {
    bus.publish(homeSubject(userId), writeHomeMessage({ op: 'claim', claim: claimOf(userId) }))
  }

  /** From now on the user is at home here, and whoever thinks otherwise hears of it. */
  function register(userId: UserId) {
    elsewhere.delete(userId)
    passedOn.get(userId)?.drop()
    if (registered.has(userId)) return
    const subscription = bus.subscribe(homeSubject(userId), ({ data, reply }) => {
      const message = readHomeMessage(data)
      if (message?.op === 'where') reply(JSON.stringify(standing(userId)))
      if (message?.op === 'claim') contest(userId, message.claim)
    })
    deps.log.debug({ userId }, 'a user is at home here')
    registered.set(userId, { since: clock.wall(), subscription })
    // Whoever claims the same user at the same moment was subscribed before it announced, or hears us.
    if (!bus.alone) void subscription.ready.then(() => registered.has(userId) && announce(userId))
  }

  function contest(userId: UserId, theirs: Claim) {
    if (theirs.node === self || !registered.has(userId)) return
    if (!deps.meet(theirs.node)) return
    if (isBefore(claimOf(userId), theirs)) return announce(userId)
    if (exchange.has(userId)) return deps.yieldTo(userId, theirs.node)
    unregister(userId)
    elsewhere.set(userId, theirs.node)
  }

  function unregister(userId: UserId) {
    registered.get(userId)?.subscription.unsubscribe()
    if (registered.delete(userId)) deps.log.debug({ userId }, 'a user is not at home here any more')
  }

  async function look(userId: UserId): Promise<void> {
    const deadline = clock.monotonic() + limits.homeWaitMs
    let unanswered = 0
    for (;;) {
      // It may be at home where they are busy; but who is never answered is let in all the same.
      const found = await whereIs(bus, userId, timers).catch(() => bus.isConnected() && 'unanswered')
      if (exchange.has(userId) || registered.has(userId)) return
      // Who was given to a node that nobody hears will be at home somewhere else.
      if (found && found !== 'unanswered' && found.node !== self && deps.isReachable(found.node)) {
        return void elsewhere.set(userId, found.node)
      }
      // Where its calls are decided about it is at home, even if that node was not heard just now.
      const owner = await deps.rescue(userId).catch(() => 'none' as const)
      // Another node may have been quicker to take them over.
      if (found === 'unanswered') unanswered++
      const isNone = owner === 'none' && (!found || unanswered === limits.homeUnanswered)
      const isSettled = isNone || (owner === 'rescued' && exchange.has(userId))
      if (isSettled || clock.monotonic() > deadline) break
      if (owner !== self && owner !== 'rescued' && owner !== 'none' && deps.isReachable(owner)) {
        return void elsewhere.set(userId, owner)
      }
      await new Promise<void>(resolve => timers.after(limits.homeLookAgainMs, resolve))
    }
    // Away from the others it is at home here for the time being; who has the better claim shows later.
    register(userId)
  }

  return {
    register,
    unregister,
    announceAll: () => {
      for (const userId of registered.keys()) announce(userId)
    },

    /** Finds where the user is at home, or makes it here. */
    find(userId: UserId): Promise<void> | undefined {
      if (bus.alone || exchange.has(userId) || registered.has(userId) || elsewhere.has(userId))
        return undefined
      const known = looking.get(userId)
      if (known) return known
      const search = look(userId).finally(() => looking.delete(userId))
      looking.set(userId, search)
      return search
    },

    /** Has whoever has a better claim say so again. */
    claimAgain(userId: UserId) {
      if (registered.has(userId)) announce(userId)
    },

    isHere: (userId: UserId) => registered.has(userId),
    nodeOf: (userId: UserId) => elsewhere.get(userId),
    moved: (userId: UserId, node: NodeId) => void elsewhere.set(userId, node),
    forget: (userId: UserId) => elsewhere.delete(userId),
    usersAt: (node: NodeId) => [...elsewhere].flatMap(([userId, at]) => (at === node ? [userId] : [])),

    /** The user is at home there from now on; until that is known everywhere, questions and messages are passed on. */
    passOn(userId: UserId, to: NodeId) {
      const mine = registered.get(userId)
      registered.delete(userId)
      passedOn.get(userId)?.drop()
      const stop = timers.after(limits.homeForwardMs, () => passedOn.get(userId)?.drop())
      const hush = () => mine?.subscription.unsubscribe()
      const drop = () => {
        stop()
        hush()
        passedOn.delete(userId)
      }
      passedOn.set(userId, { to, hush, drop })
    },
    passedOnTo: (userId: UserId) => passedOn.get(userId)?.to,
    /** The new home answers for itself. */
    tookOver: (userId: UserId) => passedOn.get(userId)?.hush(),
    lose(node: NodeId) {
      for (const { to, drop } of [...passedOn.values()]) if (to === node) drop()
    },

    /** Lets go of users of whom nothing is left, and says again, by and by, of the others that they are here. */
    sweep() {
      const staleBefore = clock.wall() - limits.homeLingerMs
      turn = (turn + 1) % limits.homeAnnounceTurns
      let place = 0
      for (const [userId, { since }] of registered) {
        if (since < staleBefore && !exchange.has(userId)) unregister(userId)
        else if (place++ % limits.homeAnnounceTurns === turn) announce(userId)
      }
    },

    here: () => registered.keys(),
    count: () => registered.size,

    stop() {
      for (const userId of [...registered.keys()]) unregister(userId)
      for (const { drop } of [...passedOn.values()]) drop()
    },
  }
}
