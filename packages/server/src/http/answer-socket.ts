import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Problem } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { asksToComeBack } from '../refusal.js'
import { problemType } from './problem.js'

/**
 * Answers on a bare socket, where Node has no response to offer, and closes. What the client still sends is read and
 * dropped for a moment: closing over unread bytes would reset the connection and take the answer with it. A client that
 * does not close by then is cut; Node itself looks no more at a socket it has given up (RFC 9112 section 9.6).
 */
export function answerSocket(
  socket: Duplex,
  requestId: string,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(problem)
  const cut = setTimeout(() => socket.destroy(), limits.closeWithinMs)
  socket.once('close', () => clearTimeout(cut))
  socket.once('end', () => socket.destroy())
  socket.resume()
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      `x-request-id: ${requestId}`,
      `content-type: ${problemType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      'connection: close',
      ...Object.entries({ ...retryOf(problem), ...headers }).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  )
}

const retryOf = ({ status }: Problem) =>
  asksToComeBack(status) ? { 'retry-after': String(limits.retrySeconds) } : {}
