import { setTimeout as setTimeoutPromise } from 'node:timers/promises'
import {
  type CloseEvent,
  type Connect,
  closeEvents,
  type DeviceId,
  errors,
  type IceServer,
  type LoginId,
  type PhoneNumber,
  type UserId,
} from '@switchboard/protocol'
import type { Clock } from '../clock.js'
import type { Directory, Presence, Reached } from '../directory/directory.js'
import type { Canonicalise } from '../directory/phone-number.js'
import type { Effect } from '../exchange/effects.js'
import type { Exchange } from '../exchange/exchange.js'
import type { Restored } from '../exchange/restore.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Access } from '../sessions/access.js'
import type { AccountEvent, AccountEvents } from '../sessions/account-events.js'
import type { Throttles } from '../throttles/throttles.js'
import { act } from './act.js'
import { encodeConnected } from './encode.js'
import type { Frame } from './frame.js'
import type { Journal } from './journal.js'
import { Session, type Socket } from './session.js'

export interface SignalingDeps {
  readonly exchange: Exchange
  readonly journal: Journal
  readonly directory: Pick<Directory, 'locate' | 'profile'>
  /** Verifies an access token; rejects when it is bad or dead. */
  readonly access: (token: string) => Promise<Access>
  readonly accountEvents: Pick<AccountEvents, 'subscribe'>
  readonly canonicalise: Canonicalise
  readonly throttles: Pick<Throttles, 'call' | 'strangerCall'>
  readonly iceServers: (userId: UserId) => readonly IceServer[]
  readonly heartbeatMs: number
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Logger
}

/** What came of a `connect`: a session with its greeting sent, or the close event to answer with. */
export type Connected = { readonly session: Session } | { readonly close: CloseEvent }

export type Signaling = ReturnType<typeof createSignaling>

/**
 * Joins the exchange to sessions: turns frames into its steps, carries out its effects, owns its one timer. Sockets
 * come and go below it (connection.ts), the database is behind the journal.
 */
export function createSignaling(deps: SignalingDeps) {
  const { exchange, journal, clock, log } = deps
  const sessions = new Map<DeviceId, Session>()
  let timer: NodeJS.Timeout | undefined
  let timerFor = Number.POSITIVE_INFINITY
  const unsubscribe = deps.accountEvents.subscribe(event => void onAccountEvent(event))

  function perform(effects: readonly Effect[]) {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'tell':
          sessions.get(effect.device)?.tell(effect.tell)
          break
        case 'record':
          journal.record(effect.call, effect.trace)
          break
        case 'locate':
          void locate(effect)
          break
        case 'inherit':
          for (const tell of sessions.get(effect.from)?.unsent(effect.callId) ?? []) {
            sessions.get(effect.to)?.tell(tell)
          }
          break
        case 'displace':
          close(effect.device, closeEvents.displaced)
          break
        case 'forget':
          close(effect.device, closeEvents.displaced)
          sessions.delete(effect.device)
          break
      }
    }
    arm()
  }

  function close(device: DeviceId, event: CloseEvent) {
    const session = sessions.get(device)
    const socket = session?.socket
    if (!session || !socket) return
    session.socket = undefined
    socket.close(event)
  }

  async function locate({ callId, callerId, number }: Extract<Effect, { kind: 'locate' }>) {
    // Begun before anything is known of the callee, so that its end tells nothing either.
    const floor = setTimeoutPromise(limits.unreachedMs, undefined, { ref: false })
    let reached: Reached | undefined
    try {
      reached = await deps.directory.locate(callerId, number)
    } catch (error) {
      log.error({ err: error, callId }, 'the directory could not locate a callee')
    }
    // A stranger too many hears what every unreachable callee's caller hears.
    if (reached?.isStranger && !deps.throttles.strangerCall(reached.userId)) reached = undefined
    const { userId, relayOnly = false } = reached ?? {}
    if (!userId || exchange.devicesOf(userId).length === 0) await floor
    perform(exchange.located(callId, userId, clock.monotonic(), { relayOnly }))
  }

  /** One timer for every ring and resume window; armed again only when something is due earlier. */
  function arm() {
    const next = exchange.nextDeadline()
    if (next === undefined || next >= timerFor) return
    clearTimeout(timer)
    timerFor = next
    timer = setTimeout(tick, Math.max(1, Math.ceil(next - clock.monotonic())))
  }

  function tick() {
    const late = clock.monotonic() - timerFor
    if (late < limits.stoodStillMs) return expire()
    // This process stood still. Who came back or answered in time waits to be read, and is heard first.
    timerFor = Number.NEGATIVE_INFINITY
    timer = setTimeout(expire, limits.hearFirstMs)
  }

  function expire() {
    timer = undefined
    timerFor = Number.POSITIVE_INFINITY
    perform(exchange.tick(clock.monotonic()))
  }

  async function onAccountEvent(event: AccountEvent) {
    if (event.kind === 'logins_ended') {
      for (const session of sessionsOf(event.userId)) {
        if (event.loginId !== undefined && event.loginId !== session.login) continue
        if (event.exceptLogin !== undefined && event.exceptLogin === session.login) continue
        drop(session, closeEvents.revoked)
      }
      return
    }
    if (exchange.numberOf(event.userId) === undefined) return
    if (event.phoneNumber) return exchange.renumber(event.userId, event.phoneNumber)
    try {
      const profile = await deps.directory.profile(event.userId)
      if (profile) exchange.renumber(event.userId, profile.phoneNumber)
    } catch (error) {
      log.error({ err: error, userId: event.userId }, 'a changed profile could not be read')
    }
  }

  const sessionsOf = (userId: UserId) => exchange.devicesOf(userId).flatMap(id => sessions.get(id) ?? [])

  /** Ends a session for good and says why. */
  function drop(session: Session, event: CloseEvent) {
    close(session.id, event)
    sessions.delete(session.id)
    perform(exchange.leave(session.id, clock.monotonic()))
  }

  function greet(session: Session, number: PhoneNumber, resumed: boolean) {
    session.socket?.send(
      encodeConnected({
        phoneNumber: number,
        session: session.id,
        resumed,
        iceServers: deps.iceServers(session.userId),
        heartbeatMs: deps.heartbeatMs,
        calls: exchange.standing(session.id),
      }),
    )
  }

  function resume(
    session: Session,
    missed: readonly string[],
    socket: Socket,
    login: LoginId,
    number: PhoneNumber,
  ) {
    close(session.id, closeEvents.displaced)
    session.login = login
    const effects = exchange.resume(session.id, login, clock.monotonic())
    session.socket = socket
    greet(session, number, true)
    for (const frame of missed) socket.send(frame)
    session.caughtUp()
    perform(effects)
  }

  function begin(
    access: Access,
    number: PhoneNumber,
    replaces: DeviceId | undefined,
    socket: Socket,
  ): Connected {
    const session = new Session(deps.newId() as DeviceId, access.userId, access.loginId)
    const arrival = { device: session.id, userId: access.userId, number, login: access.loginId, replaces }
    const outcome = exchange.arrive(arrival, clock.monotonic())
    if ('refused' in outcome) return { close: closeEvents.rateLimited }
    sessions.set(session.id, session)
    session.socket = socket
    greet(session, number, false)
    perform(outcome.effects)
    return { session }
  }

  /** The first `connect` of a socket: verifies the token, then continues the session or begins one. */
  async function connect(message: Connect, socket: Socket, isOpen: () => boolean): Promise<Connected> {
    let access: Access
    let profile: Awaited<ReturnType<typeof deps.directory.profile>>
    try {
      access = await deps.access(message.TOKEN)
      profile = await deps.directory.profile(access.userId)
    } catch (error) {
      return { close: refusalOf(error) }
    }
    if (!profile) return { close: closeEvents.unauthenticated }
    if (!isOpen()) return { close: closeEvents.unauthenticated } // it left while we looked: nothing to attach
    const before = message.SESSION as DeviceId | undefined
    const known = before === undefined ? undefined : sessions.get(before)
    const missed =
      known?.userId === access.userId && message.LAST_SEQ !== undefined
        ? known.since(message.LAST_SEQ)
        : undefined
    if (known && missed) {
      resume(known, missed, socket, access.loginId, profile.phoneNumber)
      return { session: known }
    }
    const replaces = before !== undefined && exchange.ownerOf(before) === access.userId ? before : undefined
    return begin(access, profile.phoneNumber, replaces, socket)
  }

  /** A later `connect` on the same socket renews the token of the same user; it never changes the user. */
  async function renew(session: Session, token: string): Promise<CloseEvent | undefined> {
    let access: Access
    try {
      access = await deps.access(token)
    } catch (error) {
      return refusalOf(error)
    }
    if (access.userId !== session.userId) return closeEvents.protocolError
    session.login = access.loginId
    perform(exchange.relogin(session.id, access.loginId))
    const number = exchange.numberOf(session.userId)
    if (number) greet(session, number, true)
    return undefined
  }

  /** One message of a connected device: an effect, an error or both an effect and an `ack`. */
  function handle(session: Session, { message, payload }: Frame) {
    const { ID: id } = message
    if (message.REASON === 'connect') return
    if (id !== undefined && session.repeats(id)) return acknowledge(session, id)
    const outcome = act(deps, session, message, payload, clock.monotonic())
    if ('refused' in outcome) {
      if (id !== undefined) session.forgetId(id)
      session.error(outcome.refused, errors[outcome.refused].title, id)
      // Who breaks a limit is cut (contract section 4); what it had keeps its resume window.
      if (outcome.refused === 'rate_limited') session.socket?.close(closeEvents.rateLimited)
      return
    }
    perform(outcome.effects)
    if (id !== undefined) acknowledge(session, id)
  }

  /** The step is the client's to forget once it is written (contract section 3, `ID`). */
  function acknowledge(session: Session, id: string) {
    if (journal.isSettled()) session.ack(id)
    else void journal.settled().then(() => session.ack(id))
  }

  return {
    connect,
    renew,
    handle,

    /** The session's socket is gone; the session waits for the next. */
    lost(session: Session, socket: Socket) {
      if (session.socket !== socket) return // it has another one already
      session.socket = undefined
      perform(exchange.away(session.id, clock.monotonic()))
    },

    /** Takes up the calls that lived when the server stopped. */
    restore: (calls: readonly Restored[]) => perform(exchange.restore(calls, clock.monotonic())),

    presence: { standing: exchange.presence } satisfies Presence,

    counts: () => ({ ...exchange.counts(), sessions: sessions.size }),

    /** Releases the timer and the subscription; calls stay as they are written. */
    stop() {
      unsubscribe()
      clearTimeout(timer)
    },
  }
}

/** A token that is bad or dead, or cannot be judged now: fail closed, but say to come back in the second case. */
function refusalOf(error: unknown): CloseEvent {
  const code = (error as { code?: unknown }).code
  return code === 'invalid_token' ? closeEvents.unauthenticated : closeEvents.restarting
}
