import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** A STUN or TURN URL in its parts: RFC 7064 and 7065. */
interface IceUrl {
  readonly host: string
  readonly port: number
  readonly transport: 'udp' | 'tcp' | 'tls'
}

/** Where an `IceUrl` leads. */
export function parseIceUrl(url: string): IceUrl {
  const [, scheme = '', host = '', port, transport] =
    /^(\w+):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(\w+))?$/.exec(url) ?? []
  const secure = scheme.endsWith('s')
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: port === undefined ? (secure ? 5349 : 3478) : Number(port),
    transport: secure ? 'tls' : transport === 'tcp' ? 'tcp' : 'udp',
  }
}

const magicCookie = 0x2112a442

/** RFC 8489 section 5: a Binding request without attributes. */
function bindingRequest(transaction: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt16BE(0x0001, 0)
  header.writeUInt32BE(magicCookie, 4)
  return Buffer.concat([header, transaction])
}

/** Any answer will do, a refusal too: what listens there speaks STUN. */
const answers = (message: Buffer, transaction: Buffer) =>
  message.length >= 20 &&
  (message[0] ?? 0xff) < 0x40 &&
  message.readUInt32BE(4) === magicCookie &&
  message.subarray(8, 20).equals(transaction)

/** Resolves with the milliseconds until the server answered a Binding request; rejects when it did not in time. */
export async function probe(url: string, withinMs: number): Promise<number> {
  const target = parseIceUrl(url)
  const transaction = randomBytes(12)
  const begun = performance.now()
  const exchange = target.transport === 'udp' ? overUdp : overStream
  await exchange(target, bindingRequest(transaction), message => answers(message, transaction), withinMs)
  return Math.round(performance.now() - begun)
}

type Exchange = (
  target: IceUrl,
  request: Buffer,
  isAnswer: (message: Buffer) => boolean,
  withinMs: number,
) => Promise<void>

const overUdp: Exchange = ({ host, port }, request, isAnswer, withinMs) =>
  new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    const send = () => socket.send(request, port, host, error => error && end(error))
    const again = setInterval(send, withinMs / 4) // UDP loses packets
    const late = setTimeout(() => end(new Error('no answer')), withinMs)
    const end = (error?: Error) => {
      clearInterval(again)
      clearTimeout(late)
      socket.removeAllListeners('message').close()
      if (error) reject(error)
      else resolve()
    }
    socket.on('message', message => isAnswer(message) && end())
    socket.once('error', end)
    send()
  })

const overStream: Exchange = ({ host, port, transport }, request, isAnswer, withinMs) =>
  new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const socket: Socket =
      transport === 'tls' ? connectTls({ host, port, servername: host }) : connectTcp({ host, port })
    const late = setTimeout(() => end(new Error('no answer')), withinMs)
    const end = (error?: Error) => {
      clearTimeout(late)
      socket.destroy()
      if (error) reject(error)
      else resolve()
    }
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => socket.write(request))
    socket.on('data', data => {
      received = Buffer.concat([received, data])
      if (isAnswer(received)) end()
    })
    socket.once('error', end)
    socket.once('close', () => end(new Error('it hung up')))
  })
