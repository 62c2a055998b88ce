import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A node of nothing but HTTP, to see what reaches one, and to break off on purpose. */
export async function startStandIn(behaves: 'answers' | 'breaks off') {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    seen.push({ method, url, headers, body: await text(request) })
    if (behaves === 'breaks off') request.socket.destroy()
    else response.end('done')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type StandIn = Awaited<ReturnType<typeof startStandIn>>
