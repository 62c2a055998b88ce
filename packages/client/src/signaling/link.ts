import type { ConnectedDown, Down } from '@switchboard/protocol'
import type { Environment } from '../environment.js'
import { ConnectionError } from '../errors.js'
import type { Transport } from '../transport.js'
import type { Heard, Said } from './messages.js'
import { createOutbox } from './outbox.js'
import type { ReconnectPolicy } from './reconnect-policy.js'
import { openSocket, type Socket } from './socket.js'

export interface LinkOptions {
  readonly url: string
  readonly transport: Transport
  readonly environment: Environment
  readonly policy: ReconnectPolicy
  readonly token: () => string
  /** The session of the page before, whose place is to be taken. */
  readonly replaces: string | undefined
  readonly events: LinkEvents
}

export interface LinkEvents {
  /** The connection stands. When `RESUMED` is false, `CALLS` is the truth. */
  connected(greeting: ConnectedDown): void
  heard(frame: Heard): void
  /** Newer ICE servers, over a connection that stands. */
  refreshed(greeting: ConnectedDown): void
  /** The connection is lost; the link tries to get it back. */
  lost(): void
  /** The link gives up. */
  closed(error: ConnectionError): void
}

export interface Link {
  readonly isUp: boolean
  /** Says it now, or when the connection is back; settles with the server's answer. */
  say(message: Said): Promise<void>
  /** Whether something of this kind was said and not answered. */
  owes(test: (message: Said) => boolean): boolean
  /** Lets go of what waits and is no longer worth saying; the rest is said again. To be called from `connected`. */
  retain(isWorth: (message: Said) => boolean): void
  /** Shows the server a newer token. */
  renew(): void
  /** The network may be another one: finds out at once whether the connection is still there. */
  probe(): void
  close(): void
}

/** Nobody needs longer to answer whether it is there; who does is gone. */
const answerWithinMs = 10_000
/** What is said is answered once it is written down. Later than this we ask whether anybody is there at all. */
const acknowledgedWithinMs = 4_000
/** Never a number that the server gave, so it begins a new session in the place of the one that is named. */
const noSeq = Number.MAX_SAFE_INTEGER

/** Keeps one connection: comes back when it is lost, resumes, says again what was not answered. */
export function createLink({
  url,
  transport,
  environment,
  policy,
  token,
  replaces,
  events,
}: LinkOptions): Link {
  const newId = () => Math.trunc(environment.random() * 1e15).toString(36)
  const prefix = newId()
  let count = 0
  const outbox = createOutbox(() => `${prefix}-${++count}`)
  let socket: Socket | undefined
  let isUp = false
  let session = replaces
  let lastSeq = replaces === undefined ? 0 : noSeq
  let heartbeatMs = answerWithinMs
  let attempt = 0
  let timer: unknown
  let closed = false

  const after = (ms: number, run: () => void) => {
    environment.clearTimer(timer)
    timer = environment.setTimer(run, ms)
  }
  const greet = () =>
    socket?.send({
      REASON: 'connect',
      TOKEN: token(),
      ...(session !== undefined && !isUp && { SESSION: session, LAST_SEQ: lastSeq }),
    })

  function open() {
    after(answerWithinMs, cut)
    socket = openSocket(url, transport, { open: greet, frame, lost })
  }

  function frame(received: Down) {
    if (received.REASON === 'connected') return isUp ? refreshed(received) : connected(received)
    watch()
    if (received.SEQ !== undefined) {
      if (received.SEQ <= lastSeq) return
      lastSeq = received.SEQ
    }
    if (received.REASON === 'ack' || received.REASON === 'error') return outbox.answer(received)
    events.heard(received)
  }

  function connected(greeting: ConnectedDown) {
    isUp = true
    attempt = 0
    heartbeatMs = greeting.HEARTBEAT_SECONDS * 1_000
    session = greeting.SESSION
    if (!greeting.RESUMED) lastSeq = 0
    events.connected(greeting)
    for (const message of outbox.messages()) socket?.send(message)
    watch()
  }

  function refreshed(greeting: ConnectedDown) {
    watch()
    events.refreshed(greeting)
  }

  /** Silence is noticed: asks when there was nothing to hear for a while, and does not wait long for an answer. */
  function watch() {
    if (isUp) after(outbox.isEmpty ? heartbeatMs : acknowledgedWithinMs, probe)
  }

  /** A `connect` over a connection that stands changes nothing but the ICE servers, and has an answer. */
  function probe() {
    if (!isUp) return attempt > 0 ? again(0) : undefined
    greet()
    after(answerWithinMs, cut)
  }

  function cut() {
    socket?.drop()
    lost()
  }

  function lost(code?: number, reason?: string) {
    const wasUp = isUp
    isUp = false
    socket = undefined
    const decision = policy(
      { attempt, ...(code !== undefined && { code }), ...(reason && { reason }) },
      environment.random,
    )
    if ('stop' in decision)
      return end(new ConnectionError(decision.stop, { message: `the server closed with ${code}` }))
    again(decision.retryInMs)
    attempt++
    if (wasUp) events.lost()
  }

  function again(ms: number) {
    if (closed) return
    after(ms, () => (socket ? undefined : open()))
  }

  function end(error: ConnectionError) {
    if (closed) return
    closed = true
    isUp = false
    environment.clearTimer(timer)
    socket?.drop()
    outbox.fail(error)
    events.closed(error)
  }

  open()
  return {
    get isUp() {
      return isUp
    },
    say(message) {
      const { message: said, answered } = outbox.add(message)
      if (closed) outbox.fail(new ConnectionError('offline', { message: 'the connection is closed' }))
      if (isUp) {
        socket?.send(said)
        watch()
      }
      return answered
    },
    owes: test => outbox.messages().some(test),
    retain: outbox.retain,
    renew: () => isUp && greet(),
    probe,
    close() {
      const error = new ConnectionError('offline', { message: 'the connection was closed here' })
      end(error)
    },
  }
}
