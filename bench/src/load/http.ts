import { connect } from 'node:net'
import type { Fail } from './device.js'
import { latencies } from './latencies.js'
import type { HttpWork, Work } from './orders.js'
import type { OpenStage, Stage } from './stage.js'

const endOfHead = Buffer.from('\r\n\r\n')
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024)

/** Requests of the work, ready to be written; they take turns. */
export function prepareRequests({ port, method, path, bodies = [''], tokens }: HttpWork): Buffer[] {
  const who = tokens.length > 0 ? tokens : ['']
  return Array.from({ length: Math.max(who.length, bodies.length) }, (_, n) => {
    const body = bodies[n % bodies.length] ?? ''
    const token = who[n % who.length] ?? ''
    const head =
      `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
      (token === '' ? '' : `Authorization: ${token}\r\n`) +
      (body === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`)
    return Buffer.from(`${head}\r\n${body}`)
  })
}

/** One keep-alive connection that looks no deeper into an answer than its status and where it ends. */
export async function openHttp(port: number): Promise<{
  ask(request: Buffer): Promise<number>
  isOpen(): boolean
  close(): void
}> {
  let answered: (status: number) => void = () => undefined
  let broken: (error: Error) => void = () => undefined
  let rest: Buffer = Buffer.alloc(0)
  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback(size) {
        const chunk = readBuffer.subarray(0, size)
        const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
        const head = data.indexOf(endOfHead)
        const text = head === -1 ? '' : data.toString('latin1', 0, head)
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0)
        if (head !== -1 && data.length >= head + 4 + length) {
          rest = Buffer.alloc(0)
          answered(Number(text.slice(9, 12)))
        } else rest = Buffer.from(data)
        return true
      },
    },
  })
  socket.on('error', error => broken(error))
  socket.on('close', () => broken(new Error('the server closed the connection')))
  await new Promise<void>((resolve, reject) => {
    broken = reject
    socket.once('connect', () => resolve())
  })
  return {
    isOpen: () => !socket.destroyed && socket.writable,
    ask: request =>
      new Promise((resolve, reject) => {
        answered = resolve
        broken = reject
        socket.write(request)
      }),
    close: () => {
      broken = () => undefined
      socket.destroy()
    },
  }
}

/** Requests one after the other on each of several connections. */
export async function httpLanes(work: HttpWork): Promise<Stage> {
  const requests = prepareRequests(work)
  const connections = await Promise.all(Array.from({ length: work.lanes }, () => openHttp(work.port)))
  let next = 0

  return {
    async run(ms: number, fail: Fail) {
      const until = performance.now() + ms
      const times = latencies()
      // The server closes those that had nothing to do while others took their turn.
      for (const [lane, connection] of connections.entries()) {
        if (!connection.isOpen()) connections[lane] = await openHttp(work.port)
      }
      await Promise.all(
        connections.map(async connection => {
          while (performance.now() < until) {
            const since = performance.now()
            const status = await connection.ask(requests[next++ % requests.length] as Buffer)
            if (status !== work.expect) return fail(`${work.method} ${work.path} answered ${status}`)
            times.add(performance.now() - since)
          }
        }),
      )
      const request = times.summary()
      return { operations: request.count, latencies: { [work.path]: request } }
    },
    close() {
      for (const connection of connections) connection.close()
    },
  }
}

export const openHttpWork: OpenStage<Extract<Work, { kind: 'http' }>> = ({ http }) => httpLanes(http)
