import { connect, type Socket } from 'node:net'
import { clientFrame, opcodes } from './frame.js'

/** What a client does with what it hears; `data` is only good until the call returns. */
export interface Listener {
  opened(): void
  text(data: Buffer, start: number, end: number): void
  closed(why: string): void
}

export interface WsClient {
  /** Sends prepared frames: what was heard in one read is answered in one write. */
  send(frames: Buffer): void
  /** Says goodbye, and waits for the server to end the connection. */
  close(): void
  /** Vanishes. */
  destroy(): void
}

// One buffer for all sockets: what is read is looked at before the next one reads.
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024)
const endOfHead = Buffer.from('\r\n\r\n')
const goodbye = clientFrame(Buffer.from([0x03, 0xe8]), opcodes.close)

/**
 * A WebSocket client as cheap as one can be on `node:net`, so that the load needs less than the server it loads: a
 * static read buffer, frames prepared beforehand, payloads looked at where they lie.
 */
export function openClient(port: number, path: string, listener: Listener): WsClient {
  let rest: Buffer | undefined
  let isUpgraded = false
  let isReading = false
  let isGone = false
  const pending: Buffer[] = []

  const socket: Socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback(size) {
        isReading = true
        feed(size)
        isReading = false
        flush()
        return true
      },
    },
  })
  socket.on('connect', () => {
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
  })
  socket.on('error', error => gone(error.message))
  socket.on('close', () => gone('the server closed the connection'))

  function gone(why: string) {
    if (isGone) return
    isGone = true
    listener.closed(why)
  }

  function feed(size: number) {
    const data = rest ? Buffer.concat([rest, readBuffer.subarray(0, size)]) : readBuffer
    const end = rest ? data.length : size
    rest = undefined
    let at = 0
    if (!isUpgraded) {
      const head = data.subarray(0, end).indexOf(endOfHead)
      if (head === -1) return keep(data, 0, end)
      if (!data.subarray(0, end).toString('latin1').startsWith('HTTP/1.1 101')) {
        socket.destroy()
        return gone(`not upgraded: ${data.subarray(0, Math.min(head, 200)).toString('latin1')}`)
      }
      isUpgraded = true
      at = head + endOfHead.length
      listener.opened()
    }
    for (let next = at; ; at = next) {
      next = frameAt(data, at, end)
      if (next === at) break
    }
    if (at < end) keep(data, at, end)
  }

  /** Where the frame that begins at `at` ends; `at` when it is not whole yet. */
  function frameAt(data: Buffer, at: number, end: number): number {
    if (end - at < 2) return at
    const opcode = (data[at] ?? 0) & 0x0f
    let length = (data[at + 1] ?? 0) & 0x7f
    let start = at + 2
    if (length === 126) {
      if (end - at < 4) return at
      length = data.readUInt16BE(start)
      start += 2
    } else if (length === 127) {
      if (end - at < 10) return at
      length = Number(data.readBigUInt64BE(start))
      start += 8
    }
    if (start + length > end) return at
    if (opcode === opcodes.text) listener.text(data, start, start + length)
    else if (opcode === opcodes.ping) send(clientFrame(data.subarray(start, start + length), opcodes.pong))
    else if (opcode === opcodes.close) gone(closing(data.subarray(start, start + length)))
    return start + length
  }

  function keep(data: Buffer, from: number, to: number) {
    rest = Buffer.from(data.subarray(from, to))
  }

  function send(frames: Buffer) {
    pending.push(frames)
    if (!isReading) flush()
  }

  function flush() {
    const [only] = pending
    if (only === undefined) return
    socket.write(pending.length === 1 ? only : Buffer.concat(pending))
    pending.length = 0
  }

  return {
    send,
    close() {
      isGone = true
      send(goodbye)
      socket.setTimeout(5_000, () => socket.destroy())
    },
    destroy() {
      isGone = true
      socket.destroy()
    },
  }
}

const closing = (payload: Buffer) =>
  `closed with ${payload.length >= 2 ? payload.readUInt16BE(0) : 'no code'} ${payload.subarray(2).toString()}`
