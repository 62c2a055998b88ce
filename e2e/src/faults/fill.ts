import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { request } from '../rest-client.js'
import { until } from './processes.js'
import { must } from './scenario.js'
import type { Stage } from './stage.js'

/** As a client asks for a WebSocket. */
export const handshake =
  'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

interface Asked {
  readonly socket: Socket
  readonly answer: string
}

async function ask(signal: string): Promise<Asked> {
  const { hostname, port } = new URL(signal)
  const socket = connect(Number(port), hostname, () => socket.write(handshake))
  socket.on('error', () => socket.destroy())
  const [data] = await once(socket, 'data')
  return { socket, answer: String(data) }
}

/**
 * Opens sockets one by one until the server has no room, and looks at how it says so: to the client, in the log, in its
 * figures. Requests are served meanwhile, and who comes when somebody has left is taken.
 */
export async function fill({ product, after, rest }: Stage, token: string, most: number): Promise<number> {
  const before = product.logs().length
  const open: Socket[] = []
  after(() => {
    for (const socket of open) socket.destroy()
  })
  let asked = await ask(product.signal)
  for (; asked.answer.startsWith('HTTP/1.1 101') && open.length <= most; asked = await ask(product.signal))
    open.push(asked.socket)
  const { answer } = asked
  must(answer.startsWith('HTTP/1.1 503 '), `the one too many was told ${answer.slice(0, 60)}`)
  must(/\r\nretry-after: \d+\r\n/.test(answer), 'it was not told when to come back')
  must(answer.includes('The server has as many connections as it can take'), `it was not told why: ${answer}`)
  for (let n = 0; n < 3; n++) must((await ask(product.signal)).answer.includes(' 503 '), 'another was taken')
  const { status } = await rest('GET', '/get_user', { token })
  must(status === 200, `REST answered ${status} beside sockets that fill the server`)
  const told = product.logs().slice(before).split('new sockets are answered 503').length - 1
  must(told <= 1 && product.logs().includes('new sockets are answered 503'), `the log said it ${told} times`)
  const { text } = await request(product.admin, 'GET', '/metrics')
  const refused = /switchboard_socket_refusals_total\{reason="full"\} (\d+)/.exec(text)?.[1]
  must(Number(refused) >= 4, `the figures count ${refused} who were refused`)
  open.pop()?.destroy()
  await until('room for one more', async () => (await ask(product.signal)).answer.includes(' 101 '), 5_000)
  return open.length + 1
}
