import type { Duplex } from 'node:stream'
import { type CloseEvent, closeEvents } from '@switchboard/protocol'
import type { WebSocket } from 'ws'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import { type Corks, createCorks } from './corks.js'
import { type SignalingMeasures, signalingMeasures } from './measures.js'
import type { Socket } from './session.js'
import { createTextFrames, type TextFrame, type TextFrames } from './text-frames.js'

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
  readonly heartbeatMs: number
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
  return { links, corks, frames, clock, heartbeatMs, measures, stop: () => clearInterval(timer) }
}

/** Of most sockets, most of the time. */
const noProbes: (() => void)[] = []

const checkEveryMs = (heartbeatMs: number) => Math.min(limits.socketCheckMs, heartbeatMs / 4)

export function openLink(
  ws: WebSocket,
  raw: Duplex,
  heart: Heart,
  cut: Link['cut'],
  reasonOf = ({ reason }: CloseEvent) => reason,
): Link {
  const { clock, corks, heartbeatMs, measures } = heart
  // The check before the ping and the one before the cut are late by up to one interval each.
  const pingEveryMs = heartbeatMs - 2 * checkEveryMs(heartbeatMs)
  let pingAt = clock.monotonic() + pingEveryMs
  let pongBy = Number.POSITIVE_INFINITY
  let closedAt: number | undefined
  let closedWith: number | undefined
  let flushed = 0
  let stalledAt: number | undefined
  /** Frames of this turn that are not written yet; those that lie one behind the other are one write. */
  let pending: TextFrame | undefined
  /** Who waits to hear that the peer has got something, the number of the first, and whether a ping for them is due. */
  let probes: (() => void)[] = noProbes
  let answeredProbes = 0
  let isProbing = false

  /** By the socket itself, as `ws` would write them: it would take each apart and copy it first. */
  function flush() {
    const frame = pending
    pending = undefined
    if (ws.readyState !== ws.OPEN) return // nothing follows a close, whoever began it (RFC 6455 section 5.5.1)
    if (!isProbing) return frame && writeFrame(frame)
    isProbing = false
    raw.cork()
    if (frame) writeFrame(frame)
    ping()
    raw.uncork()
  }

  const writeFrame = ({ bytes, start, end }: TextFrame) => void raw.write(bytes.subarray(start, end))

  /** Says how many probes went before: the pong says it too, and of several pings the last alone may have one. */
  function ping() {
    const asked = answeredProbes + probes.length
    if (asked === 0) ws.ping()
    else ws.ping(`${asked}`)
  }

  const link: Link = {
    cut,

    send: text => link.write(heart.frames.encode(text)),

    write(frame) {
      if (closedAt !== undefined) return
      if (pending?.bytes === frame.bytes && pending.end === frame.start)
        pending = { bytes: frame.bytes, start: pending.start, end: frame.end }
      else if (pending) {
        flush()
        pending = frame
      } else {
        pending = frame
        corks.cork(flush)
      }
      measures.sent.add()
      if (pending.end - pending.start + ws.bufferedAmount <= limits.unsentBytes) return
      flush() // what was kept back does not count: the peer had no chance to read it
      if (ws.bufferedAmount <= limits.unsentBytes) return
      measures.tripped.unsentBytes.add()
      cut(closeEvents.slowConsumer)
    },

    probe(got) {
      if (closedAt !== undefined || probes.length >= limits.probesOpen) return
      if (probes === noProbes) probes = []
      probes.push(got)
      if (!pending && !isProbing) corks.cork(flush)
      isProbing = true
    },

    close(event: CloseEvent, reason = reasonOf(event)) {
      if (closedAt !== undefined) return
      flush()
      closedAt = clock.monotonic()
      closedWith = event.code
      ws.close(event.code, reason)
    },

    heard() {
      pongBy = Number.POSITIVE_INFINITY
    },

    ponged(data) {
      link.heard()
      if (probes.length === 0) return
      const got = Number(data.toString('latin1'))
      while (answeredProbes < got && probes.length > 0) {
        answeredProbes++
        probes.shift()?.()
      }
    },

    gone(code) {
      if (heart.links.has(link)) measures.closed(closedWith ?? code)
      closedAt ??= clock.monotonic()
      heart.links.delete(link)
    },

    closed: () =>
      new Promise(resolve => {
        if (ws.readyState === ws.CLOSED) resolve()
        else ws.once('close', () => resolve())
      }),

    check(now) {
      if (closedAt !== undefined) {
        if (now - closedAt > limits.closeWithinMs) ws.terminate()
        return
      }
      if (now >= pongBy) {
        measures.tripped.pongWithinMs.add()
        return ws.terminate()
      }
      if (now >= pingAt) {
        pingAt = now + pingEveryMs
        if (pongBy === Number.POSITIVE_INFINITY) pongBy = now + limits.pongWithinMs
        ping()
      }
      if (!isStalled(now)) return
      measures.tripped.stalledMs.add()
      cut(closeEvents.slowConsumer)
    },
  }

  /** Bytes wait and none has left for too long: the peer reads nothing. */
  function isStalled(now: number): boolean {
    if (ws.bufferedAmount === 0) {
      stalledAt = undefined
      return false
    }
    const left = bytesWritten(raw) - ws.bufferedAmount
    if (stalledAt === undefined || left !== flushed) {
      flushed = left
      stalledAt = now
    }
    return now - stalledAt >= limits.stalledMs
  }

  heart.links.add(link)
  return link
}

/** `bytesWritten` of a net or TLS socket counts what was given to it, sent or not. */
const bytesWritten = (raw: Duplex) => (raw as Duplex & { bytesWritten?: number }).bytesWritten ?? 0
