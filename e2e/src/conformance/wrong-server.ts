import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import WebSocket, { WebSocketServer } from 'ws'
import { request } from '../rest-client.js'
import type { Frame } from '../wire.js'

/** An answer of REST, as it may be changed. */
export interface Answer {
  status: number
  body: Record<string, unknown>
  readonly headers: Record<string, string>
}

/** One way to break the contract: what it makes of frames and answers on their way to the client. */
export interface Wrong {
  /** The frames in the place of one; none drops it. */
  readonly frame?: (frame: Frame) => readonly object[]
  readonly answer?: (route: string, answer: Answer) => void
}

export interface WrongServer {
  readonly url: string
  stop(): void
}

/** The product behind something that breaks one rule. */
export async function startWrongServer(api: string, wrong: Wrong): Promise<WrongServer> {
  const server = createServer((incoming, response) => {
    pass(api, incoming, response, wrong).catch(() => response.destroy())
  })
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  sockets.on('connection', (client, { url = '/', headers }) => {
    const { origin } = headers
    const above = new WebSocket(`${api.replace(/^http/, 'ws')}${url}`, origin ? { origin } : {})
    const waiting: (() => void)[] = []
    above.on('open', () => {
      for (const send of waiting.splice(0)) send()
    })
    client.on('message', (data, binary) => {
      const send = () => above.send(data, { binary })
      if (above.readyState === WebSocket.CONNECTING) waiting.push(send)
      else if (above.readyState === WebSocket.OPEN) send()
    })
    above.on('message', data => {
      const frame = JSON.parse(String(data)) as Frame
      for (const each of wrong.frame?.(frame) ?? [frame]) client.send(JSON.stringify(each))
    })
    above.on('close', (code, reason) => (code === 1006 ? client.terminate() : client.close(code, reason)))
    client.on('close', () => above.terminate())
    above.on('error', () => client.terminate())
    client.on('error', () => above.terminate())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      for (const client of sockets.clients) client.terminate()
      server.close()
      server.closeAllConnections()
    },
  }
}

async function pass(api: string, incoming: IncomingMessage, response: ServerResponse, wrong: Wrong) {
  const { method = 'GET', url = '/', headers } = incoming
  const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...kept } = headers
  const raw = await text(incoming)
  const sent = { headers: kept as Record<string, string>, ...(raw !== '' && { raw }) }
  const above = await request(api, method, url, sent)
  const names = ['content-type', 'cache-control', 'x-request-id', 'location', 'retry-after']
  const answer: Answer = {
    status: above.status,
    body: above.body,
    headers: Object.fromEntries(
      names.flatMap(name => (above.headers[name] ? [[name, String(above.headers[name])]] : [])),
    ),
  }
  const isJson = above.text.startsWith('{')
  wrong.answer?.(`${method} ${url.split('?')[0]}`, answer)
  response.writeHead(answer.status, answer.headers)
  response.end(isJson ? JSON.stringify(answer.body) : above.text)
}
