import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { limits } from '../limits.js'
import { answerSocket } from './answer-socket.js'
import { problemOf } from './problem.js'

/** Emitted by a server with a socket that is no longer its own; unlike `upgrade` it changes nothing by being heard. */
export const upgraded = 'upgraded'

export type TakeUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Whether the client asks for a WebSocket. Any other protocol is not ours, and HTTP/1.0 knows none (RFC 9110 7.8). */
export function asksForWebSocket({ headers, httpVersion }: IncomingMessage): boolean {
  const protocols = (headers.upgrade ?? '').toLowerCase().split(',')
  return httpVersion === '1.1' && protocols.some(protocol => protocol.trim() === 'websocket')
}

/**
 * Hands requests for a WebSocket to `take`. Whoever asks for something else, such as Java's client for `h2c` with each of
 * its requests, is answered as if it had not asked.
 */
export function onWebSocketRequest(server: Server, newId: () => string, take: TakeUpgrade): void {
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (request.rawHeaders.length > 2 * limits.headerCount) {
      const detail = `A request has ${limits.headerCount} header fields at most`
      return answerSocket(socket, newId(), problemOf('invalid_request', detail))
    }
    if (!asksForWebSocket(request)) return serveAnyway(server, request, socket as Socket, head)
    server.emit(upgraded, socket)
    take(request, socket, head)
  })
}

/**
 * Node before 24.9 (22.21) gives every request with an `Upgrade` field to the listener, and reads no further. So the
 * request is put back, without that field, and the connection handed in anew, as the documentation of `connection` allows.
 */
function serveAnyway(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  // Pipelined behind an answer under way: a second parser would not wait for its turn.
  if ((socket as Socket & { _httpMessage?: object | null })._httpMessage) {
    socket.destroy()
    return
  }
  const { method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`, ...fieldsToKeep(rawHeaders), 'connection: close']
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket)
}

/** One request a connection: Node leaves listeners behind on a socket that it gave away. */
function fieldsToKeep(rawHeaders: readonly string[]): string[] {
  const fields: string[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) fields.push(`${name}: ${rawHeaders[i + 1]}`)
  }
  return fields
}
