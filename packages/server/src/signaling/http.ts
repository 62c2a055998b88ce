import { createServer, type Server } from 'node:http'

export interface SignalHttpDeps {
  readonly isReady: () => Promise<boolean>
}

/** The HTTP side of the signaling port: health for whoever probes it, and a hint for whoever mistook it for the API. */
export function createSignalHttp({ isReady }: SignalHttpDeps): Server {
  return createServer((request, response) => {
    const respond = (status: number, text: string) => {
      response.writeHead(status, {
        'content-type': 'text/plain; charset=utf-8',
        'x-content-type-options': 'nosniff',
        ...(status === 426 && { upgrade: 'websocket', connection: 'upgrade' }),
      })
      response.end(request.method === 'HEAD' ? undefined : `${text}\n`)
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const [path] = (request.url ?? '').split('?')
    if (isRead && path === '/health/live') return respond(200, 'live')
    if (isRead && path === '/health/ready') {
      void isReady().then(ready => (ready ? respond(200, 'ready') : respond(503, 'not ready')))
      return
    }
    respond(426, 'This is the signaling port: connect by WebSocket. The REST API has a port of its own.')
  })
}
