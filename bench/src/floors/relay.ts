import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import process from 'node:process'
import { type WebSocket, WebSocketServer } from 'ws'
import { verify } from './verify.js'

// The floor: what it costs in Node to take a frame, read whom it is for, and pass its bytes on. No calls, no limits, no
// order across reconnects, no history. CORK=on: what one turn of the event loop sends to a socket is one write.
const isCorking = process.env.CORK === 'on'

interface Frame {
  readonly REASON: string
  readonly TOKEN?: string
  readonly RECEIVER_PHONE_NUMBER?: string
}

const places = new Map<string, WebSocket>()
const corked = new Set<Socket>()

function uncorkAll() {
  for (const socket of corked) socket.uncork()
  corked.clear()
}

function cork(ws: WebSocket) {
  const { _socket: socket } = ws as unknown as { _socket: Socket }
  if (corked.has(socket)) return
  if (corked.size === 0) setImmediate(uncorkAll)
  socket.cork()
  corked.add(socket)
}

const server = createServer()
const wss = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false })
wss.on('connection', ws => {
  let number: string | undefined
  ws.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Frame
    if (frame.REASON === 'connect') {
      number = verify(frame.TOKEN ?? '')
      if (number === undefined) return ws.close(4401)
      places.set(number, ws)
      return ws.send('{"REASON":"connected"}')
    }
    const receiver = places.get(frame.RECEIVER_PHONE_NUMBER ?? '')
    if (!number || !receiver) return ws.send('{"REASON":"error"}')
    if (isCorking) cork(receiver)
    receiver.send(data, { binary: false })
  })
  ws.on('close', () => {
    if (number !== undefined && places.get(number) === ws) places.delete(number)
  })
  ws.on('error', () => undefined)
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})

// Whoever started us is gone.
process.stdin.resume().on('end', () => process.exit())
