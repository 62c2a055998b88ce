import type { Duplex } from 'node:stream'
import { type CloseEvent, closeEvents } from '@switchboard/protocol'
import type { WebSocket } from 'ws'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import { type Corks, createCorks } from './corks.js'
import { type SignalingMeasures, signalingMeasures } from './measures.js'
import type { Socket } from './session.js'
import { bytesOf, createTextFrames, type TextFrame, type TextFrames } from './text-frames.js'

/** A `ws` socket with its pulse: knows when the peer was last heard and how far behind it reads. */
export interface Link extends Socket {
  /** The peer gave a sign of life. */
  heard(): void
  /** And this one says how much it has got. */
  ponged(data: Buffer): void
  /** The socket is closed, by this code as far as is known: nothing is owned any more. */
  gone(code: number): void
  /** Resolves when the socket is closed. */
  closed(): Promise<void>
  /** Ends the connection over this socket, for a reason of the server's. */
  readonly cut: (event: CloseEvent, reason?: string) => void
  /** Looks after the socket at `now`: pings, cuts the dead, the slow and those that do not finish closing. */
  check(now: number): void
}

export interface Heart {
  readonly links: Set<Link>
  readonly corks: Corks
  /** For what is said once and kept by no session. */
  readonly frames: TextFrames
  readonly clock: Clock
  /** So often that a ping comes within every heartbeat. */
  readonly pingEveryMs: number
  readonly measures: SignalingMeasures
  stop(): void
}

/** One timer looks after every socket: heartbeats, stalls and unfinished closes. */
export function startHeart(clock: Clock, heartbeatMs: number, measures = signalingMeasures()): Heart {
  const links = new Set<Link>()
  const every = checkEveryMs(heartbeatMs)
  let checkedAt = clock.monotonic()
  let isSkipped = false
  const timer = setInterval(() => {
    const now = clock.monotonic()
    const isLate = now - checkedAt > 3 * every
    checkedAt = now
    // We stood still ourselves: the pongs of that time wait to be read, and nobody is cut for them.
    isSkipped = isLate && !isSkipped
    if (isSkipped) return
    for (const link of links) link.check(now)
  }, every)
  timer.unref()
  const [corks, frames] = [createCorks(), createTextFrames()]
  // The check before the ping and the one before the cut are late by up to one interval each.
  const pingEveryMs = heartbeatMs - 2 * every
  return { links, corks, frames, clock, pingEveryMs, measures, stop: () => clearInterval(timer) }
}

/** Of most sockets, most of the time. */
const noProbes: (() => void)[] = []

const checkEveryMs = (heartbeatMs: number) => Math.min(limits.socketCheckMs, heartbeatMs / 4)

/** A class: there is one for every socket, and functions of its own would be most of what it keeps. */
class SocketLink implements Link {
  readonly cut: Link['cut']
  readonly #ws: WebSocket
  readonly #raw: Duplex
  readonly #heart: Heart
  readonly #reasonOf: (event: CloseEvent) => string
  #pingAt: number
  #pongBy = Number.POSITIVE_INFINITY
  #closedAt: number | undefined
  #closedWith: number | undefined
  #flushed = 0
  #stalledAt: number | undefined
  /** Frames of this turn that are not written yet; those that lie one behind the other are one write. */
  #pending: TextFrame | undefined
  /** Who waits to hear that the peer has got something, the number of the first, and whether a ping for them is due. */
  #probes = noProbes
  #answeredProbes = 0
  #isProbing = false

  constructor(ws: WebSocket, raw: Duplex, heart: Heart, cut: Link['cut'], reasonOf: typeof plainReason) {
    this.cut = cut
    this.#ws = ws
    this.#raw = raw
    this.#heart = heart
    this.#reasonOf = reasonOf
    this.#pingAt = heart.clock.monotonic() + heart.pingEveryMs
    heart.links.add(this)
  }

  send(text: string) {
    this.write(this.#heart.frames.encode(text))
  }

  write(frame: TextFrame) {
    if (this.#closedAt !== undefined) return
    const { corks, measures } = this.#heart
    let pending = this.#pending
    if (pending?.bytes === frame.bytes && pending.end === frame.start) {
      pending = { bytes: frame.bytes, start: pending.start, end: frame.end }
    } else {
      if (pending) this.flush()
      else corks.cork(this)
      pending = frame
    }
    this.#pending = pending
    measures.sent.add()
    if (pending.end - pending.start + this.#ws.bufferedAmount <= limits.unsentBytes) return
    this.flush() // what was kept back does not count: the peer had no chance to read it
    if (this.#ws.bufferedAmount <= limits.unsentBytes) return
    measures.tripped.unsentBytes.add()
    this.cut(closeEvents.slowConsumer)
  }

  /** By the socket itself, as `ws` would write them: it would take each apart and copy it first. */
  flush() {
    const frame = this.#pending
    this.#pending = undefined
    const ws = this.#ws
    if (ws.readyState !== ws.OPEN) return // nothing follows a close, whoever began it (RFC 6455 section 5.5.1)
    const isProbing = this.#isProbing
    this.#isProbing = false
    if (isProbing) this.#raw.cork()
    if (frame) this.#raw.write(bytesOf(frame))
    if (!isProbing) return
    this.#ping()
    this.#raw.uncork()
  }

  /** Says how many probes went before: the pong says it too, and of several pings the last alone may have one. */
  #ping() {
    const asked = this.#answeredProbes + this.#probes.length
    if (asked === 0) this.#ws.ping()
    else this.#ws.ping(`${asked}`)
  }

  probe(got: () => void) {
    if (this.#closedAt !== undefined || this.#probes.length >= limits.probesOpen) return
    if (this.#probes === noProbes) this.#probes = []
    this.#probes.push(got)
    if (!this.#pending && !this.#isProbing) this.#heart.corks.cork(this)
    this.#isProbing = true
  }

  close(event: CloseEvent, reason = this.#reasonOf(event)) {
    if (this.#closedAt !== undefined) return
    this.flush()
    this.#closedAt = this.#heart.clock.monotonic()
    this.#closedWith = event.code
    this.#ws.close(event.code, reason)
  }

  heard() {
    this.#pongBy = Number.POSITIVE_INFINITY
  }

  ponged(data: Buffer) {
    this.heard()
    if (this.#probes.length === 0) return
    const got = Number(data.toString('latin1'))
    while (this.#answeredProbes < got && this.#probes.length > 0) {
      this.#answeredProbes++
      this.#probes.shift()?.()
    }
  }

  gone(code: number) {
    const { links, measures, clock } = this.#heart
    if (links.delete(this)) measures.closed(this.#closedWith ?? code)
    this.#closedAt ??= clock.monotonic()
  }

  closed(): Promise<void> {
    const ws = this.#ws
    return new Promise(resolve => {
      if (ws.readyState === ws.CLOSED) resolve()
      else ws.once('close', () => resolve())
    })
  }

  check(now: number) {
    const { pingEveryMs, measures } = this.#heart
    if (this.#closedAt !== undefined) {
      if (now - this.#closedAt > limits.closeWithinMs) this.#ws.terminate()
      return
    }
    if (now >= this.#pongBy) {
      measures.tripped.pongWithinMs.add()
      return this.#ws.terminate()
    }
    if (now >= this.#pingAt) {
      this.#pingAt = now + pingEveryMs
      if (this.#pongBy === Number.POSITIVE_INFINITY) this.#pongBy = now + limits.pongWithinMs
      this.#ping()
    }
    if (!this.#isStalled(now)) return
    measures.tripped.stalledMs.add()
    this.cut(closeEvents.slowConsumer)
  }

  /** Bytes wait and none has left for too long: the peer reads nothing. */
  #isStalled(now: number): boolean {
    const waiting = this.#ws.bufferedAmount
    if (waiting === 0) {
      this.#stalledAt = undefined
      return false
    }
    const left = bytesWritten(this.#raw) - waiting
    if (this.#stalledAt === undefined || left !== this.#flushed) {
      this.#flushed = left
      this.#stalledAt = now
    }
    return now - this.#stalledAt >= limits.stalledMs
  }
}

const plainReason = ({ reason }: CloseEvent) => reason

export const openLink = (
  ws: WebSocket,
  raw: Duplex,
  heart: Heart,
  cut: Link['cut'],
  reasonOf = plainReason,
): Link => new SocketLink(ws, raw, heart, cut, reasonOf)

/** `bytesWritten` of a net or TLS socket counts what was given to it, sent or not. */
const bytesWritten = (raw: Duplex) => (raw as Duplex & { bytesWritten?: number }).bytesWritten ?? 0
