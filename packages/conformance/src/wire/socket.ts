import WebSocket from 'ws'
import { Unexpected } from './unexpected.js'

/** A message of the server. */
export interface Frame {
  readonly REASON: string
  readonly [member: string]: unknown
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

/** A WebSocket that keeps every frame from the first moment, so that a test awaits the next one without a race. */
export interface Wire {
  readonly socket: WebSocket
  /** Resolves when the socket is closed, by whoever. */
  readonly closed: Promise<Closed>
  readonly lastSeq: number
  send(message: unknown): void
  sendText(text: string | Buffer): void
  /** The next frame, which must have this `REASON`. */
  next(reason: string): Promise<Frame>
  /** The next frame that passes, letting go of those before it. */
  until(what: string, passes: (frame: Frame) => boolean, withinMs?: number): Promise<Frame>
  /** The next frame that passes, wherever it stands among the others, which stay. */
  pick(what: string, passes: (frame: Frame) => boolean): Promise<Frame>
  /** Takes what has arrived and nobody awaited yet. */
  drain(): Frame[]
  /** The text in which a frame came. */
  textOf(frame: Frame): string
}

export interface WireOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly autoPong?: boolean
  readonly perMessageDeflate?: boolean
  /** The authority of a server that has a certificate. */
  readonly ca?: string
  /** The address to come from. */
  readonly localAddress?: string
  /** Told every frame that is sent. */
  readonly onSent?: (text: string) => void
  /** Told every frame that came; what it throws is thrown to whoever awaits a frame. */
  readonly onFrame?: (frame: Frame, text: string) => void
}

const answerWithinMs = 8_000

/** What a socket's frames must keep, whatever the test is about: contract section 3, `SEQ`. */
function seqFault(frame: Frame, lastSeq: number, connected: boolean): string | undefined {
  if (frame.REASON === 'connected') return undefined
  if (frame.SEQ === undefined) return connected ? `no SEQ in ${JSON.stringify(frame)}` : undefined
  return typeof frame.SEQ === 'number' && frame.SEQ > lastSeq
    ? undefined
    : `SEQ ${String(frame.SEQ)} after ${lastSeq}`
}

/** What came, as a message; what is none has no `REASON` that anybody awaits. */
function frameOf(text: string): Frame {
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value === 'object' && value !== null && 'REASON' in value) return value as Frame
  } catch {
    // not JSON
  }
  return { REASON: 'not a message', TEXT: text }
}

/** Opens a socket; rejects with the status when the server refuses the upgrade. */
export async function openWire(url: string, options: WireOptions = {}): Promise<Wire> {
  const { onSent, onFrame, ...socketOptions } = options
  const socket = new WebSocket(url, { handshakeTimeout: answerWithinMs, ...socketOptions })
  const queue: Frame[] = []
  const texts = new WeakMap<Frame, string>()
  let fault: Error | undefined
  let connected = false
  let lastSeq = 0
  let closedWith: Closed | undefined
  let wake = () => {}

  socket.on('message', (data: Buffer, binary: boolean) => {
    const text = data.toString('utf8')
    const frame = frameOf(text)
    try {
      onFrame?.(frame, text)
    } catch (error) {
      fault ??= error as Error
    }
    const wrong = binary ? 'a binary frame came' : seqFault(frame, lastSeq, connected)
    if (wrong) fault ??= new Unexpected('text frames with a rising SEQ', wrong)
    if (frame.REASON === 'connected') connected = true
    if (typeof frame.SEQ === 'number') lastSeq = frame.SEQ
    texts.set(frame, text)
    queue.push(frame)
    wake()
  })
  const closed = new Promise<Closed>(resolve => {
    socket.on('close', (code, reason) => {
      closedWith = { code, reason: reason.toString('utf8') }
      resolve(closedWith)
      wake()
    })
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('unexpected-response', (_, response) => {
      response.resume()
      reject(new Error(`upgrade refused with ${response.statusCode}`))
    })
    socket.once('error', reject)
  })
  socket.on('error', () => {}) // the close that follows says what matters

  const take = async (
    what: string,
    choose: () => Frame | undefined,
    withinMs = answerWithinMs,
  ): Promise<Frame> => {
    const deadline = Date.now() + withinMs
    for (;;) {
      if (fault) throw fault
      const frame = choose()
      if (frame) return frame
      const left = deadline - Date.now()
      if (closedWith || left <= 0) {
        const how = closedWith
          ? `the socket closed (${closedWith.code} ${closedWith.reason})`
          : 'nothing came'
        throw new Unexpected(what, `${how}; unread: ${JSON.stringify(queue)}`)
      }
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const sendText = (text: string | Buffer) => {
    onSent?.(String(text))
    socket.send(text)
  }

  return {
    socket,
    closed,
    get lastSeq() {
      return lastSeq
    },
    send: message => sendText(JSON.stringify(message)),
    sendText,
    next: async reason => {
      const frame = await take(reason, () => queue.shift())
      if (frame.REASON !== reason) throw new Unexpected(reason, `got ${JSON.stringify(frame)}`)
      return frame
    },
    until: (what, passes, withinMs) =>
      take(
        what,
        () => {
          const at = queue.findIndex(passes)
          return at === -1 ? undefined : queue.splice(0, at + 1).at(-1)
        },
        withinMs,
      ),
    pick: (what, passes) =>
      take(what, () => {
        const at = queue.findIndex(passes)
        return at === -1 ? undefined : queue.splice(at, 1)[0]
      }),
    drain: () => queue.splice(0),
    textOf: frame => texts.get(frame) ?? '',
  }
}
