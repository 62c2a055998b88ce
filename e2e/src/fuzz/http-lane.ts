import { connect, type Socket } from 'node:net'
import { type HttpAnswer, readAnswer } from './http-answer.js'

const answerWithinMs = 20_000

interface Kept {
  readonly socket: Socket
  received: Buffer
  over: boolean
  wake: () => void
}

/** Sends requests one after another, over one connection as long as they are orderly. */
export interface HttpLane {
  /** Over the kept connection; rejects when no answer comes. */
  ask(bytes: Buffer, isHead: boolean): Promise<HttpAnswer>
  /** Over a connection of its own that stops talking after it; everything that came back, maybe nothing. */
  shout(bytes: Buffer, isHead: boolean): Promise<HttpAnswer[]>
  close(): void
}

export function openLane(base: string): HttpLane {
  const { hostname, port } = new URL(base)
  let kept: Kept | undefined

  const open = (): Kept => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true })
    const opened: Kept = { socket, received: Buffer.alloc(0), over: false, wake: () => {} }
    socket.on('data', chunk => {
      opened.received = opened.received.length === 0 ? chunk : Buffer.concat([opened.received, chunk])
      opened.wake()
    })
    const over = () => {
      opened.over = true
      opened.wake()
    }
    socket.on('end', over).on('close', over).on('error', over)
    return opened
  }

  /** Waits until `read` has something to give, or the server has hung up. */
  async function awaited<T>(connection: Kept, read: () => T | undefined): Promise<T | undefined> {
    const deadline = Date.now() + answerWithinMs
    for (;;) {
      const value = read()
      if (value !== undefined || connection.over) return value
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`no answer within ${answerWithinMs} ms`)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        connection.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  async function ask(bytes: Buffer, isHead: boolean, retry = true): Promise<HttpAnswer> {
    const reused = kept !== undefined
    const connection = kept ?? open()
    kept = connection
    connection.socket.write(bytes)
    const read = await awaited(connection, () => readAnswer(connection.received, isHead, connection.over))
    if (!read) {
      connection.socket.destroy()
      kept = undefined
      // An idle connection may be closed by the server just as it is used again (RFC 9112 section 9.3.1).
      if (reused && retry && connection.received.length === 0) return ask(bytes, isHead, false)
      throw new Error('the server hung up without an answer')
    }
    connection.received = read.rest
    if (connection.over || read.answer.headers.get('connection') === 'close') {
      connection.socket.destroy()
      kept = undefined
    }
    return read.answer
  }

  return {
    ask,
    async shout(bytes, isHead) {
      const connection = open()
      connection.socket.end(bytes)
      try {
        await awaited(connection, () => undefined)
      } finally {
        connection.socket.destroy()
      }
      const answers: HttpAnswer[] = []
      for (let rest = connection.received; ; ) {
        const read = readAnswer(rest, isHead && answers.length === 0, true)
        if (!read) return answers
        answers.push(read.answer)
        rest = read.rest
      }
    },
    close: () => kept?.socket.destroy(),
  }
}
