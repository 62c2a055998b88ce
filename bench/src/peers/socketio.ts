import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { Server, type Socket } from 'socket.io'
import { verify } from '../floors/verify.js'

// The relay that most would write with socket.io: people by number, messages handed on.
interface Message {
  readonly to: string
}

const server = createServer()
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
const places = new Map<string, Socket>()

io.use((socket, next) => {
  const number = verify(String(socket.handshake.auth.token))
  if (number === undefined) return next(new Error('unauthenticated'))
  socket.data.number = number
  next()
})
io.on('connection', socket => {
  const number = String(socket.data.number)
  places.set(number, socket)
  for (const event of ['offer', 'answer', 'candidate', 'bye'])
    socket.on(event, (message: Message) => places.get(message.to)?.emit(event, message))
  socket.on('disconnect', () => {
    if (places.get(number) === socket) places.delete(number)
  })
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})

// Whoever started us is gone.
process.stdin.resume().on('end', () => process.exit())
