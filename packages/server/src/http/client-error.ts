import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Problem } from '@switchboard/protocol'
import { answerSocket } from './answer-socket.js'
import { problemOf } from './problem.js'

const malformed = problemOf('invalid_request', 'This is not HTTP/1.1')
const answers: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: problemOf('too_large', 'The header fields are too large', 431),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: problemOf('too_large'),
  ERR_HTTP_REQUEST_TIMEOUT: problemOf('invalid_request', 'The request did not arrive in time', 408),
}
const answerTo = (code: string) => answers[code] ?? (code.startsWith('HPE_') ? malformed : undefined)

/** Node's parser refuses some requests before there is a request; what it refuses is answered here, and closed. */
export function answerClientErrors(server: Server, newId: () => string): void {
  const answered = new WeakSet<Socket>()

  server.on('clientError', (error: NodeJS.ErrnoException, connection) => {
    const socket = connection as Socket & { _httpMessage?: ServerResponse | null }
    if (answered.has(socket)) return // it sends on, into an answer that is on its way
    const problem = answerTo(error.code ?? '')
    // An answer under way would be torn apart by this one; Node's own handler looks at the same field.
    if (!problem || !socket.writable || socket._httpMessage?.headersSent) {
      socket.destroy()
      return
    }
    answered.add(socket)
    answerSocket(socket, newId(), problem)
  })
}
