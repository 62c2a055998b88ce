import type { CloseEvent, DeviceId, LoginId, SignalErrorCode, UserId } from '@switchboard/protocol'
import type { Tell } from '../exchange/effects.js'
import { limits } from '../limits.js'
import type { Access } from '../sessions/access.js'
import { decodeTell, encodeAck, encodeError, encodeTell } from './encode.js'
import { createTextFrames, type TextFrame, type TextFrames, textOf } from './text-frames.js'

/** The least that a session needs of a socket; the `ws` adapter and tests each have one. */
export interface Socket {
  send(text: string): void
  /** The same for a text that is encoded already. */
  write(frame: TextFrame): void
  /** Calls back once the peer has got what was sent until now; never, if it is gone before or does not say so. */
  probe(got: () => void): void
  close(event: CloseEvent, reason?: string): void
}

/** A session on its way to another node. */
export interface PackedSession {
  readonly login: LoginId
  readonly seq: number
  readonly sentSeq: number
  readonly kept: readonly string[]
  readonly ids: readonly string[]
}

/**
 * A device's session: numbers what it sends, keeps the last messages, and outlives its socket (contract section 3,
 * Resume). Knows nothing of calls.
 */
export class Session {
  readonly id: DeviceId
  readonly userId: UserId
  login: LoginId
  /** Until when the token of its socket is good, wall clock. */
  until = Number.POSITIVE_INFINITY
  socket: Socket | undefined
  /** When it had a socket last, wall clock. */
  connectedAt = 0
  #seq = 0
  /** Made at the first message: most sessions are told nothing for hours. */
  #frames: TextFrames | undefined
  #kept: TextFrame[] = []
  #keptBytes = 0
  /** The last message that was handed to a socket; what follows was never sent. */
  #sentSeq = 0
  /** `ID`s acted on, oldest first; made at the first one. */
  #ids: Set<string> | undefined
  /** `ID`s that are not written yet, and how often each was said again. */
  #awaited: Map<string, number> | undefined

  constructor(id: DeviceId, userId: UserId, login: LoginId) {
    this.id = id
    this.userId = userId
    this.login = login
  }

  /** As it was on another node. */
  static from(id: DeviceId, userId: UserId, packed: PackedSession): Session {
    const session = new Session(id, userId, packed.login)
    session.#seq = packed.seq
    session.#sentSeq = packed.sentSeq
    for (const text of packed.kept) session.#keep(text)
    if (packed.ids.length > 0) session.#ids = new Set(packed.ids)
    return session
  }

  attach(socket: Socket, now: number) {
    this.socket = socket
    this.connectedAt = now
  }

  /** Its socket, this one or the next, shows a token. */
  comeBy({ loginId, expiresAt }: Pick<Access, 'loginId' | 'expiresAt'>) {
    this.login = loginId
    this.until = expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  }

  pack(): PackedSession {
    const kept = this.#kept.map(textOf)
    return { login: this.login, seq: this.#seq, sentSeq: this.#sentSeq, kept, ids: [...(this.#ids ?? [])] }
  }

  tell(tell: Tell) {
    this.#send(encodeTell(tell, ++this.#seq))
  }

  /** What waited for another device of its seat; what this one has itself is not told twice. */
  inherit(tell: Tell) {
    const upToSeq = encodeTell(tell, 0).slice(0, -'0}'.length)
    if (!this.#kept.some(frame => textOf(frame).startsWith(upToSeq))) this.tell(tell)
  }

  ack(id: string) {
    this.#send(encodeAck(id, ++this.#seq))
  }

  /** What was said under this `ID` is written: whoever asked hears it, as often as it was asked. */
  ackDone(id: string) {
    const again = this.#awaited?.get(id) ?? 0
    this.#awaited?.delete(id)
    for (let times = 0; times <= again; times++) this.ack(id)
  }

  /** Said twice: answered when the first is. */
  ackAgain(id: string) {
    const times = this.#awaited?.get(id)
    if (times === undefined) this.ack(id)
    else this.#awaited?.set(id, times + 1)
  }

  error(code: SignalErrorCode, detail: string, id: string | undefined) {
    this.#send(encodeError(code, detail, id, ++this.#seq))
  }

  /** Whether a message with this `ID` was acted on before; remembers it. */
  repeats(id: string): boolean {
    this.#ids ??= new Set()
    if (this.#ids.has(id)) return true
    this.#ids.add(id)
    this.#awaited ??= new Map()
    this.#awaited.set(id, 0)
    if (this.#ids.size > limits.rememberedIds) this.#ids.delete(this.#ids.values().next().value as string)
    return false
  }

  /** A refused message may be sent again under the same `ID`. */
  forgetId(id: string) {
    this.#ids?.delete(id)
    this.#awaited?.delete(id)
  }

  /** What followed `lastSeq`, to be sent again; undefined when that is no longer known, or never was. */
  since(lastSeq: number): readonly TextFrame[] | undefined {
    const missing = this.#seq - lastSeq
    if (missing < 0 || missing > this.#kept.length) return undefined
    return this.#kept.slice(this.#kept.length - missing)
  }

  /** Everything up to now has been sent over the socket it has. */
  caughtUp() {
    this.#sentSeq = this.#seq
  }

  /** What was told of a call while no socket was there to take it. */
  unsent(callId: string): readonly Tell[] {
    const count = Math.min(this.#seq - this.#sentSeq, this.#kept.length)
    return this.#kept.slice(this.#kept.length - count).flatMap(frame => {
      const tell = decodeTell(textOf(frame))
      return tell?.callId === callId ? [tell] : []
    })
  }

  #send(text: string) {
    const frame = this.#keep(text)
    if (!this.socket) return
    this.#sentSeq = this.#seq
    this.socket.write(frame)
  }

  #keep(text: string): TextFrame {
    this.#frames ??= createTextFrames()
    const frame = this.#frames.encode(text)
    this.#kept.push(frame)
    this.#keptBytes += frame.end - frame.start
    while (this.#kept.length > limits.replayMessages || this.#keptBytes > limits.replayBytes) {
      const forgotten = this.#kept.shift()
      if (forgotten) this.#keptBytes -= forgotten.end - forgotten.start
    }
    return frame
  }
}
