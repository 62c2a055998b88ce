import {
  type CallId,
  type CloseEvent,
  type Connect,
  closeEvents,
  type DeviceId,
  errors,
  type IceServer,
  type SignalErrorCode,
  type UserId,
} from '@switchboard/protocol'
import type { Clock } from '../clock.js'
import type { Directory } from '../directory/directory.js'
import type { Access } from '../sessions/access.js'
import type { AccountEvent, AccountEvents } from '../sessions/account-events.js'
import type { Tracer } from '../tracer.js'
import type { Whose } from './act.js'
import { traceTell } from './call-trace.js'
import { encodeConnected } from './encode.js'
import type { Frame } from './frame.js'
import type { Answered, Delivery, Home, Welcome } from './home.js'
import type { Homes } from './homes.js'
import { attachmentOf, type SignalingMeasures, signalingMeasures } from './measures.js'
import { refusalOf } from './refusal-of.js'
import { Session, type Socket } from './session.js'
import { createSessionIndex } from './session-index.js'
import type { TextFrame } from './text-frames.js'

export interface SignalingDeps {
  readonly homes: Homes
  readonly directory: Pick<Directory, 'profile'>
  /** Verifies an access token; rejects when it is bad or dead. */
  readonly access: (token: string) => Promise<Access>
  readonly accountEvents: Pick<AccountEvents, 'subscribe'>
  readonly iceServers: (userId: UserId) => readonly IceServer[]
  readonly heartbeatMs: number
  readonly newId: () => string
  /** A session lost its socket. */
  readonly onLost?: (session: Whose) => void
  readonly measures?: SignalingMeasures
  readonly clock: Clock
  readonly tracer?: Tracer | undefined
}

/** What came of a `connect`: a session with its greeting sent, or the close event to answer with. */
export type Connected =
  | { readonly session: Session; readonly resumed: boolean }
  | { readonly close: CloseEvent }

export type Signaling = ReturnType<typeof createSignaling>

/**
 * The sessions of this process: gives what their devices say to the homes of their users, and what comes from there
 * to the sockets. Sockets come and go below it (connection.ts).
 */
export function createSignaling(deps: SignalingDeps) {
  const { homes, tracer, clock, measures = signalingMeasures() } = deps
  const sessions = createSessionIndex()
  const { add } = sessions
  const unsubscribe = deps.accountEvents.subscribe(onAccountEvent)

  function remove(session: Session) {
    if (sessions.remove(session)) homes.left(session, sessions.ofUser(session.userId).length === 0)
  }

  function close(session: Session, event: CloseEvent) {
    const { socket } = session
    session.socket = undefined
    socket?.close(event)
  }

  /** What the user's home has for one of its devices here. */
  function deliver(device: DeviceId, delivery: Delivery) {
    const session = sessions.get(device)
    if (!session) return
    if (delivery.kind === 'tell') {
      if (tracer) traceTell(tracer, clock, delivery.tell, session.socket !== undefined)
      session.tell(delivery.tell)
      if (delivery.tell.kind === 'call' && delivery.tell.rings) confirmRing(session, delivery.tell.callId)
      return
    }
    if (delivery.kind === 'inherit') return session.inherit(delivery.tell)
    close(session, closeEvents.displaced)
    if (delivery.kind === 'forget') remove(session)
  }

  /** Has the call's home told when the device has got its ring: an operator asks why it did not. */
  function confirmRing(session: Session, callId: CallId) {
    session.socket?.probe(() => {
      if (sessions.has(session)) homes.of(session.userId).rang(session, callId)
    })
  }

  /** What waits unseen for one device goes to another, which took its seat. */
  function inherit(callId: CallId, from: DeviceId, to: DeviceId) {
    for (const tell of sessions.get(from)?.unsent(callId) ?? []) sessions.get(to)?.inherit(tell)
  }

  function onAccountEvent(event: AccountEvent) {
    if (event.kind !== 'logins_ended') return
    for (const session of sessions.ofUser(event.userId)) {
      if (event.loginId !== undefined && event.loginId !== session.login) continue
      if (event.exceptLogin !== undefined && event.exceptLogin === session.login) continue
      end(session, closeEvents.revoked)
    }
  }

  /** Ends a session for good and says why. */
  function end(session: Session, event: CloseEvent) {
    const home = homes.of(session.userId)
    close(session, event)
    remove(session)
    home.leave(session)
  }

  function greet(session: Session, { number, calls }: Welcome, resumed: boolean) {
    session.socket?.send(
      encodeConnected({
        phoneNumber: number,
        session: session.id,
        resumed,
        iceServers: deps.iceServers(session.userId),
        heartbeatMs: deps.heartbeatMs,
        calls,
      }),
    )
  }

  function continueOn(session: Session, socket: Socket, welcome: Welcome, missed: readonly TextFrame[]) {
    session.attach(socket, clock.wall())
    greet(session, welcome, true)
    for (const frame of missed) socket.write(frame)
    session.caughtUp()
    for (const { callId, state, here } of welcome.calls)
      if (state === 'ringing' && !here) confirmRing(session, callId)
  }

  /** The session is here: false when too much was missed, or its home knows it no more. */
  function resume(
    known: Session,
    lastSeq: number,
    access: Access,
    socket: Socket,
  ): Promise<Connected | false> {
    if (known.userId !== access.userId || !known.since(lastSeq)) return Promise.resolve(false)
    close(known, closeEvents.displaced)
    known.comeBy(access)
    return new Promise(resolve => {
      homes.of(known.userId).resume(known, access.loginId, answered => {
        const missed = known.since(lastSeq)
        if (answered === 'lost') return resolve({ close: closeEvents.restarting })
        if (answered === 'refused') remove(known)
        if (answered === 'refused' || !missed) return resolve(false)
        continueOn(known, socket, answered, missed)
        resolve({ session: known, resumed: true })
      })
    })
  }

  /** The session is on another node, if anywhere. */
  function fetch(whose: Whose, lastSeq: number, access: Access, socket: Socket): Promise<Connected | false> {
    return new Promise(resolve => {
      homes.move(whose, access.loginId, moved => {
        if (moved === 'lost') return resolve({ close: closeEvents.restarting })
        if (moved === 'refused') return resolve(false)
        const session = Session.from(whose.id, whose.userId, moved.session)
        session.comeBy(access)
        add(session)
        const missed = session.since(lastSeq)
        if (!missed) return resolve(false) // a fresh one replaces it and has its seat
        continueOn(session, socket, moved.welcome, missed)
        resolve({ session, resumed: true })
      })
    })
  }

  function begin(access: Access, arrival: Parameters<Home['arrive']>[0], socket: Socket): Promise<Connected> {
    const session = new Session(arrival.device, access.userId, access.loginId)
    session.comeBy(access)
    return new Promise(resolve => {
      homes.of(access.userId).arrive(arrival, (answered: Answered) => {
        if (answered === 'refused') return resolve({ close: closeEvents.rateLimited })
        if (answered === 'lost') return resolve({ close: closeEvents.restarting })
        add(session)
        session.attach(socket, clock.wall())
        greet(session, answered, false)
        resolve({ session, resumed: false })
      })
    })
  }

  /** As it is now; undefined when the account is gone. The user's home may have moved meanwhile, and is looked for again. */
  async function numberOf(userId: UserId) {
    const profile = await deps.directory.profile(userId)
    if (profile) await homes.find(userId)
    return profile?.phoneNumber
  }

  /** The first `connect` of a socket: verifies the token, then continues the session or begins one. */
  async function connect(message: Connect, socket: Socket, isOpen: () => boolean): Promise<Connected> {
    const { TOKEN, SESSION, LAST_SEQ: lastSeq } = message
    const before = SESSION as DeviceId | undefined
    const isGone = { close: closeEvents.unauthenticated } // it left while we looked: nothing to attach
    try {
      const access = await deps.access(TOKEN)
      const { userId, loginId } = access
      const finding = homes.find(userId)
      if (finding) await finding
      if (!isOpen()) return isGone
      const resumes = before !== undefined && lastSeq !== undefined
      if (resumes) {
        const known = sessions.get(before)
        const whose = { id: before, userId }
        const resuming = known
          ? resume(known, lastSeq, access, socket)
          : fetch(whose, lastSeq, access, socket)
        const resumed = await resuming
        if (resumed) return resumed
      }
      // The number that came with the login counts where nothing was waited for since.
      const came = finding || resumes ? undefined : access.phoneNumber
      const number = came ?? (await numberOf(userId))
      if (number === undefined || !isOpen()) return isGone
      const device = deps.newId() as DeviceId
      const arrival = { device, userId, number, login: loginId, replaces: before }
      return await begin(access, arrival, socket)
    } catch (error) {
      return { close: refusalOf(error) }
    }
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
    session.comeBy(access)
    homes.of(session.userId).relogin(session, access.loginId, answered => {
      if (typeof answered !== 'string') greet(session, answered, true)
    })
    return undefined
  }

  /** One message of a connected device: an effect, an error or both an effect and an `ack`. */
  function handle(session: Session, { message, payload }: Frame) {
    const { ID: id } = message
    if (message.REASON === 'connect') return
    if (id !== undefined && session.repeats(id)) return session.ackAgain(id)
    homes.of(session.userId).say(session, message, payload, id !== undefined, refused => {
      if (refused !== undefined) refuse(session, id, refused)
      else if (id !== undefined) session.ackDone(id)
    })
  }

  /** A message came to nothing. */
  function refuse(session: Session, id: string | undefined, code: SignalErrorCode) {
    if (id !== undefined) session.forgetId(id)
    measures.errors[code].add()
    session.error(code, errors[code].title, id)
    // Who breaks a limit is cut (contract section 4); what it had keeps its resume window.
    if (code === 'rate_limited') session.socket?.close(closeEvents.rateLimited)
  }

  return {
    connect,
    renew,
    handle,
    refuse,
    deliver,
    inherit,
    add,
    close,
    remove,
    get: sessions.get,
    ofUser: sessions.ofUser,
    users: sessions.users,
    all: sessions.all,

    /** The session's socket is gone; the session waits for the next. */
    lost(session: Session, socket: Socket) {
      if (session.socket !== socket) return // it has another one already
      session.socket = undefined
      if (!sessions.has(session)) return
      homes.of(session.userId).away(session)
      deps.onLost?.(session)
    },

    count: sessions.count,
    /** Sessions with a socket, and those that wait for the next. */
    attachment: () => attachmentOf(sessions.all()),

    stop: unsubscribe,
  }
}
