import { connect } from 'node:net'
import { controlFrame, opcodes } from './frame-bytes.js'

/** A WebSocket whose frames are written by hand, so that they may be wrong. */
export interface FrameSocket {
  write(bytes: Buffer): void
  /** No more bytes come from here; the server is to close. */
  end(): void
  /** Cut, as a lost network is. */
  destroy(): void
  readonly isOpen: boolean
  /** Resolves when the connection is gone: with the code of the server's close frame, undefined when none came. */
  readonly closed: Promise<number | undefined>
}

const openWithinMs = 10_000

/** One frame off the front; a server's frames are whole and bare (RFC 6455 section 5.1). */
function readFrame(
  bytes: Buffer,
): { opcode: number; payload: Buffer; rest: Buffer; fault?: string } | undefined {
  const [first = 0, second = 0] = bytes
  const short = second & 0x7f
  const head = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < head) return undefined
  const size =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  if (bytes.length < head + size) return undefined
  const isPlain = (first & 0xf0) === 0x80 && (second & 0x80) === 0
  return {
    opcode: first & 0x0f,
    payload: bytes.subarray(head, head + size),
    rest: bytes.subarray(head + size),
    ...(!isPlain && { fault: 'a frame that is masked, in pieces or with reserved bits' }),
  }
}

/** Opens a WebSocket at `url`; texts that come go to `onText`, what a server must not send to `onFault`. */
export async function openFrameSocket(
  url: string,
  onText: (text: string) => void,
  onFault: (fault: string) => void,
): Promise<FrameSocket> {
  const { hostname, port, pathname } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true })
  let received: Buffer = Buffer.alloc(0)
  let upgraded: (() => void) | undefined
  let isOpen = true
  let code: number | undefined

  const closed = new Promise<number | undefined>(resolve => {
    socket.on('close', () => {
      isOpen = false
      resolve(code)
    })
  })
  socket.on('error', () => {}) // the close that follows says what matters
  socket.on('end', () => socket.destroy())

  const takeHandshake = (): boolean => {
    if (!upgraded) return true
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) return false
    if (!received.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) onFault('the upgrade is refused')
    received = received.subarray(end + 4)
    upgraded()
    upgraded = undefined
    return true
  }
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    if (!takeHandshake()) return
    for (let frame = readFrame(received); frame; frame = readFrame(received)) {
      received = frame.rest
      if (frame.fault) onFault(frame.fault)
      if (frame.opcode === opcodes.text) onText(frame.payload.toString('utf8'))
      else if (frame.opcode === opcodes.ping)
        socket.write(controlFrame(opcodes.pong, frame.payload.toString('latin1')))
      else if (frame.opcode === opcodes.close) {
        code = frame.payload.length >= 2 ? frame.payload.readUInt16BE(0) : 1005
        socket.destroy()
      } else if (frame.opcode !== opcodes.pong) onFault(`a frame of opcode ${frame.opcode}`)
    }
  })

  const key = Buffer.from('sixteen bytes ok').toString('base64')
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nhost: fuzz.test\r\nupgrade: websocket\r\nconnection: Upgrade\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
  )
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no answer to an upgrade')), openWithinMs)
    const settle = (then: () => void) => () => {
      clearTimeout(late)
      then()
    }
    upgraded = settle(resolve)
    socket.once(
      'close',
      settle(() => reject(new Error('an upgrade was hung up on'))),
    )
  })

  return {
    write: bytes => void (isOpen && socket.write(bytes)),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    get isOpen() {
      return isOpen
    },
    closed,
  }
}
