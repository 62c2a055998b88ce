import {
  type CloseEvent,
  type Connect,
  closeEvents,
  errors,
  type SignalErrorCode,
} from '@switchboard/protocol'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { SocketBudget } from '../throttles/socket-budget.js'
import type { SocketSeat } from '../throttles/socket-seats.js'
import { encodeError } from './encode.js'
import { type BadFrame, type Frame, readFrame } from './frame.js'
import { type SignalingMeasures, signalingMeasures } from './measures.js'
import type { Session, Socket } from './session.js'
import type { Signaling } from './signaling.js'
import type { TextFrame } from './text-frames.js'

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
 * after it was closed (a closed `ws` socket may still emit what it had read). To its session it is the socket: when the
 * session lets go of it, the connection is over as well. A class, as there is one for every socket.
 */
class OpenConnection implements Connection, Socket {
  readonly #socket: Socket
  readonly #signaling: Signaling
  readonly #means: Required<Means>
  #session: Session | undefined
  #isVerifying = false
  #isOpen = true
  /** Frames behind a `connect` that is being verified. */
  #behind: string[] | undefined
  /** Until it has said who it is: a connection that is idle for hours has no use for a timer. */
  #deadline: NodeJS.Timeout | undefined

  constructor(socket: Socket, signaling: Signaling, means: Required<Means>) {
    this.#socket = socket
    this.#signaling = signaling
    this.#means = means
    this.#deadline = setTimeout(() => this.#expire(), limits.connectWithinMs)
  }

  send(text: string) {
    this.#socket.send(text)
  }

  write(frame: TextFrame) {
    this.#socket.write(frame)
  }

  probe(got: () => void) {
    this.#socket.probe(got)
  }

  close(event: CloseEvent, reason?: string) {
    if (!this.#isOpen) return
    this.#release()
    this.#socket.close(event, reason)
  }

  cut(event: CloseEvent, reason?: string) {
    this.close(event, reason)
  }

  closed() {
    if (this.#isOpen) this.#release()
  }

  #expire() {
    if (!this.#isVerifying) this.#means.measures.tripped.connectWithinMs.add()
    // Whoever has said `connect` in time waits for the database, and need not log in again for that.
    this.close(this.#isVerifying ? closeEvents.restarting : closeEvents.unauthenticated)
  }

  #stopDeadline() {
    clearTimeout(this.#deadline)
    this.#deadline = undefined
  }

  #release() {
    this.#isOpen = false
    this.#stopDeadline()
    this.#behind = undefined
    if (this.#session) this.#signaling.lost(this.#session, this)
  }

  text(raw: string) {
    if (!this.#isOpen) return
    if (this.#isVerifying) return this.#wait(raw)
    const { clock, measures } = this.#means
    const now = clock.monotonic()
    const frame = readFrame(raw)
    measures.received['fault' in frame ? 'invalid' : frame.message.REASON].add()
    if (!this.#affords(frame, now)) return this.#exceed('fault' in frame ? frame.id : frame.message.ID)
    if ('fault' in frame) return this.#refuse(frame)
    if (frame.message.REASON === 'connect') return void this.#connect(frame.message)
    if (this.#session) {
      this.#signaling.handle(this.#session, frame)
      return measures.relay.observe((clock.monotonic() - now) / 1000)
    }
    this.#answer('not_connected', errors.not_connected.title, frame.message.ID)
  }

  binary() {
    if (!this.#isOpen) return
    const { budget, clock, measures } = this.#means
    measures.received.invalid.add()
    if (!budget.control(clock.monotonic())) return this.#exceed(undefined)
    this.#answer('invalid_message', 'one JSON object a text frame', undefined)
  }

  #wait(raw: string) {
    this.#behind ??= []
    if (this.#behind.push(raw) <= limits.framesBehindConnect) return
    this.#means.measures.tripped.framesBehindConnect.add()
    this.close(closeEvents.rateLimited)
  }

  /** Whatever was said counts, well-formed or not; candidates have a budget of their own. */
  #affords(frame: Frame | BadFrame, now: number): boolean {
    const { budget } = this.#means
    const reason = 'fault' in frame ? undefined : frame.message.REASON
    return reason === 'ICECandidate' ? budget.candidate(now) : budget.control(now)
  }

  #exceed(id: string | undefined) {
    this.#answer('rate_limited', errors.rate_limited.title, id)
    this.close(closeEvents.rateLimited)
  }

  #refuse({ fault, detail, id, reason }: BadFrame) {
    // Whatever an unconnected client says, what it lacks first is a `connect`; unless it speaks no JSON at all.
    const lacksConnect = !this.#session && reason !== undefined && reason !== 'connect'
    if (lacksConnect) this.#answer('not_connected', errors.not_connected.title, id)
    else this.#answer(fault, detail, id)
  }

  #answer(code: SignalErrorCode, detail: string, id: string | undefined) {
    this.#means.measures.errors[code].add()
    if (this.#session) this.#session.error(code, detail, id)
    else this.#socket.send(encodeError(code, detail, id))
  }

  async #connect(message: Connect) {
    this.#isVerifying = true
    const close = this.#session
      ? await this.#signaling.renew(this.#session, message.TOKEN)
      : await this.#begin(message)
    this.#isVerifying = false
    if (close) return this.close(close)
    if (!this.#isOpen) return
    if (message.ID !== undefined) this.#session?.ack(message.ID)
    const behind = this.#behind ?? []
    this.#behind = undefined
    for (const raw of behind) this.text(raw)
  }

  async #begin(message: Connect): Promise<CloseEvent | undefined> {
    const { measures, seat } = this.#means
    const connected = await this.#signaling.connect(message, this, () => this.#isOpen)
    if ('close' in connected) {
      const mayComeBack = connected.close === closeEvents.restarting
      measures.connects[mayComeBack ? 'come_back' : 'refused'].add()
      return connected.close
    }
    measures.connects[connected.resumed ? 'resumed' : 'fresh'].add()
    this.#session = connected.session
    this.#stopDeadline()
    seat.authenticated()
    // What it was sent at once may have been too much for it already.
    if (!this.#isOpen) this.#signaling.lost(this.#session, this)
    return undefined
  }
}

export const openConnection = (
  socket: Socket,
  signaling: Signaling,
  { budget, seat, clock, measures = signalingMeasures() }: Means,
): Connection => new OpenConnection(socket, signaling, { budget, seat, clock, measures })
