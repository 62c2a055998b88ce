import { type CloseEvent, closeEvents, errors, type SignalErrorCode } from '@switchboard/protocol'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { SocketBudget } from '../throttles/socket-budget.js'
import type { SocketSeat } from '../throttles/socket-seats.js'
import { encodeError } from './encode.js'
import { type BadFrame, type Frame, readFrame } from './frame.js'
import { type SignalingMeasures, signalingMeasures } from './measures.js'
import type { Session, Socket } from './session.js'
import type { Signaling } from './signaling.js'

/** What the socket adapter calls; nothing here knows `ws`. */
export interface Connection {
  text(frame: string): void
  binary(): void
  /** The adapter closes the socket for a reason of its own; nothing is routed from here on. */
  cut(event: CloseEvent, reason?: string): void
  closed(): void
}

/** What one socket may use. */
export interface Means {
  readonly budget: SocketBudget
  readonly seat: Pick<SocketSeat, 'authenticated'>
  readonly clock: Clock
  readonly measures?: SignalingMeasures
}

/**
 * One socket from its opening to its end: asks for `connect` within the deadline, answers every frame, and is deaf
 * after it was closed (a closed `ws` socket may still emit what it had read).
 */
export function openConnection(
  socket: Socket,
  signaling: Signaling,
  { budget, seat, clock, measures = signalingMeasures() }: Means,
): Connection {
  let session: Session | undefined
  let verifying = false
  let isOpen = true
  const behind: string[] = []
  let deadline: NodeJS.Timeout | undefined = setTimeout(() => {
    if (!verifying) measures.tripped.connectWithinMs.add()
    // Whoever has said `connect` in time waits for the database, and need not log in again for that.
    end(verifying ? closeEvents.restarting : closeEvents.unauthenticated)
  }, limits.connectWithinMs)

  // The session's view of this socket: when the session lets go of it, the connection is over as well.
  const port: Socket = {
    send: text => socket.send(text),
    write: frame => socket.write(frame),
    probe: got => socket.probe(got),
    close: (event, reason) => end(event, reason),
  }

  function end(event: CloseEvent, reason?: string) {
    if (!isOpen) return
    release()
    socket.close(event, reason)
  }

  /** And lets go of it: a connection that is idle for hours has no use for its timer. */
  function stopDeadline() {
    clearTimeout(deadline)
    deadline = undefined
  }

  function release() {
    isOpen = false
    stopDeadline()
    behind.length = 0
    if (session) signaling.lost(session, port)
  }

  function text(raw: string) {
    if (!isOpen) return
    if (verifying) {
      if (behind.push(raw) <= limits.framesBehindConnect) return
      measures.tripped.framesBehindConnect.add()
      return end(closeEvents.rateLimited)
    }
    const now = clock.monotonic()
    const frame = readFrame(raw)
    measures.received['fault' in frame ? 'invalid' : frame.message.REASON].add()
    if (!affords(frame, now)) return exceed('fault' in frame ? frame.id : frame.message.ID)
    if ('fault' in frame) return refuse(frame)
    if (frame.message.REASON === 'connect') return void connect(frame)
    if (session) {
      signaling.handle(session, frame)
      return measures.relay.observe((clock.monotonic() - now) / 1000)
    }
    answer('not_connected', errors.not_connected.title, frame.message.ID)
  }

  /** Whatever was said counts, well-formed or not; candidates have a budget of their own. */
  function affords(frame: Frame | BadFrame, now: number): boolean {
    const reason = 'fault' in frame ? undefined : frame.message.REASON
    return reason === 'ICECandidate' ? budget.candidate(now) : budget.control(now)
  }

  function exceed(id: string | undefined) {
    answer('rate_limited', errors.rate_limited.title, id)
    end(closeEvents.rateLimited)
  }

  function refuse({ fault, detail, id, reason }: BadFrame) {
    // Whatever an unconnected client says, what it lacks first is a `connect`; unless it speaks no JSON at all.
    const lacksConnect = !session && reason !== undefined && reason !== 'connect'
    if (lacksConnect) answer('not_connected', errors.not_connected.title, id)
    else answer(fault, detail, id)
  }

  function answer(code: SignalErrorCode, detail: string, id: string | undefined) {
    measures.errors[code].add()
    if (session) session.error(code, detail, id)
    else socket.send(encodeError(code, detail, id))
  }

  async function connect(frame: Frame) {
    const { message } = frame
    if (message.REASON !== 'connect') return
    verifying = true
    const close = session
      ? await signaling.renew(session, message.TOKEN)
      : await signaling
          .connect(message, port, () => isOpen)
          .then(connected => {
            if ('close' in connected) {
              const mayComeBack = connected.close === closeEvents.restarting
              measures.connects[mayComeBack ? 'come_back' : 'refused'].add()
              return connected.close
            }
            measures.connects[connected.resumed ? 'resumed' : 'fresh'].add()
            session = connected.session
            stopDeadline()
            seat.authenticated()
            // What it was sent at once may have been too much for it already.
            if (!isOpen) signaling.lost(session, port)
            return undefined
          })
    verifying = false
    if (close) return end(close)
    if (!isOpen) return
    if (message.ID !== undefined) session?.ack(message.ID)
    for (const raw of behind.splice(0)) text(raw)
  }

  return {
    text,
    binary() {
      if (!isOpen) return
      measures.received.invalid.add()
      if (!budget.control(clock.monotonic())) return exceed(undefined)
      answer('invalid_message', 'one JSON object a text frame', undefined)
    },
    cut: end,
    closed() {
      if (isOpen) release()
    },
  }
}
