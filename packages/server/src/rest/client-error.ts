import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Problem } from '@switchboard/protocol'
import { problemOf, problemType } from './problem.js'

/** Node's parser refuses these before there is a request; the answer is written by hand. */
const answers: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: problemOf('too_large', 'The header fields are too large', 431),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: problemOf('too_large'),
  ERR_HTTP_REQUEST_TIMEOUT: problemOf('invalid_request', 'The request did not arrive in time', 408),
}
const malformed = problemOf('invalid_request', 'This is not HTTP/1.1')
const reasons: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
}

export const clientErrorHandler =
  (newId: () => string) =>
  (error: NodeJS.ErrnoException, socket: Socket): void => {
    // An answer under way would be torn apart by this one; Node's own handler looks at the same field.
    const underWay = (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent
    if (error.code === 'ECONNRESET' || !socket.writable || underWay) {
      socket.destroy()
      return
    }
    const problem = answers[error.code ?? ''] ?? malformed
    const body = JSON.stringify(problem)
    socket.end(
      [
        `HTTP/1.1 ${problem.status} ${reasons[problem.status]}`,
        `x-request-id: ${newId()}`,
        `content-type: ${problemType}`,
        `content-length: ${Buffer.byteLength(body)}`,
        'cache-control: no-store',
        'x-content-type-options: nosniff',
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    )
  }
