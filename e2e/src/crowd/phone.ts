import { randomUUID } from 'node:crypto'
import WebSocket from 'ws'

/** Who a phone is. */
export interface Enlisted {
  readonly number: string
  readonly token: string
}

export interface Heard {
  readonly REASON: string
  readonly ID?: string
  readonly SEQ?: number
  readonly CALL_ID?: string
  readonly CAUSE?: string
  readonly CODE?: string
  readonly CANDIDATE?: unknown
  readonly SENDER_PHONE_NUMBER?: string
  readonly SESSION?: string
  readonly RESUMED?: boolean
  readonly CALLS?: readonly { readonly CALL_ID: string; readonly STATE: string }[]
}

/** What a phone tells those who watch it. */
export interface Watch {
  connected(phone: Phone, hello: Heard): void
  /** Its socket, or an attempt at one. */
  lost(phone: Phone, wasConnected: boolean): void
  heard(phone: Phone, frame: Heard): void
  fault(phone: Phone, what: string): void
}

export type Phone = ReturnType<typeof createPhone>

const firstMs = 1_000
const longestMs = 30_000
const answerMs = 20_000

/**
 * A client as docs/signaling.md wants it, as cheap as can be: it comes back with jitter, continues its session, says again what
 * was not acknowledged, and goes to another node when one sends it away.
 */
export function createPhone(
  { number, token }: Enlisted,
  urls: readonly string[],
  start: number,
  watch: Watch,
) {
  let at = start % urls.length
  let ws: WebSocket | undefined
  let isConnected = false
  let session: string | undefined
  let lastSeq = 0
  let attempt = 0
  let timer: NodeJS.Timeout | undefined
  let isOff = true
  const unacknowledged = new Map<string, { text: string; done: (code: string | undefined) => void }>()
  const waiting = new Set<(frame: Heard) => boolean>()

  function open() {
    timer = undefined
    const socket = new WebSocket(urls[at] as string, { perMessageDeflate: false, handshakeTimeout: 10_000 })
    ws = socket
    socket.on('open', () => {
      const resume = session === undefined ? {} : { SESSION: session, LAST_SEQ: lastSeq }
      socket.send(JSON.stringify({ REASON: 'connect', TOKEN: token, ...resume }))
    })
    socket.on('message', (data: Buffer) => {
      if (ws === socket) hear(JSON.parse(data.toString()) as Heard)
    })
    socket.on('error', () => {})
    socket.on('close', (code, reason) => {
      if (ws === socket) lose(code, reason.toString())
    })
  }

  function hear(frame: Heard) {
    if (frame.REASON === 'connected') return greeted(frame)
    if (frame.SEQ !== undefined) {
      if (frame.SEQ <= lastSeq) watch.fault(phone, `SEQ ${frame.SEQ} after ${lastSeq}`)
      lastSeq = frame.SEQ
    }
    const asked = frame.ID === undefined ? undefined : unacknowledged.get(frame.ID)
    if (asked) {
      unacknowledged.delete(frame.ID as string)
      return asked.done(frame.REASON === 'error' ? frame.CODE : undefined)
    }
    for (const take of [...waiting]) if (take(frame)) return
    watch.heard(phone, frame)
  }

  function greeted(hello: Heard) {
    isConnected = true
    attempt = 0
    if (hello.RESUMED !== true) lastSeq = 0
    session = hello.SESSION
    watch.connected(phone, hello)
    for (const { text } of unacknowledged.values()) ws?.send(text)
  }

  function lose(code: number, reason: string) {
    ws = undefined
    const wasConnected = isConnected
    isConnected = false
    if (isOff) return
    watch.lost(phone, wasConnected)
    const jitter = Math.random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10))
    const given = Math.min(longestMs, Number(/(\d+) ms/.exec(reason)?.[1] ?? 0))
    const delay = code === 1012 ? given + (attempt > 0 ? jitter : 0) : jitter
    if (code !== 1006 && code !== 1012) watch.fault(phone, `closed with ${code} ${reason}`)
    // What a balancer does: another node, any of them, when this one says that it goes or does not answer.
    if (urls.length > 1 && !(wasConnected && code === 1006)) {
      at = (at + 1 + Math.floor(Math.random() * (urls.length - 1))) % urls.length
    }
    attempt++
    timer = setTimeout(open, delay)
  }

  const phone = {
    number,
    get isConnected() {
      return isConnected
    },
    get at() {
      return at
    },
    on() {
      isOff = false
      if (!ws && !timer) open()
    },
    off() {
      isOff = true
      clearTimeout(timer)
      timer = undefined
      ws?.terminate()
    },
    /** The network is gone, at once and without a word. */
    cut() {
      const raw = (ws as unknown as { _socket?: { resetAndDestroy(): void } } | undefined)?._socket
      raw?.resetAndDestroy()
    },

    /** Resolves once the server has it, with the code of its refusal if it refuses. */
    ask(message: object): Promise<string | undefined> {
      const id = randomUUID()
      const text = JSON.stringify({ ...message, ID: id })
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          unacknowledged.delete(id)
          reject(new Error(`no answer to ${(message as Heard).REASON}`))
        }, answerMs)
        const done = (code: string | undefined) => {
          clearTimeout(late)
          resolve(code)
        }
        unacknowledged.set(id, { text, done })
        if (isConnected) ws?.send(text)
      })
    },

    /** The next frame that passes; the others go to the watch. */
    until(what: string, passes: (frame: Heard) => boolean, withinMs = answerMs): Promise<Heard> {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(take)
          reject(new Error(`awaited ${what}; nothing came`))
        }, withinMs)
        const take = (frame: Heard) => {
          if (!passes(frame)) return false
          clearTimeout(late)
          waiting.delete(take)
          resolve(frame)
          return true
        }
        waiting.add(take)
      })
    },
  }
  return phone
}
