import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export interface Event {
  readonly id: string
  readonly type: string
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A receiver of webhooks as the operator's would be: what the library does not verify makes it fail. */
export interface Receiver {
  readonly url: string
  /** Every event that was verified, in the order of coming, repeats included. */
  readonly events: Event[]
  /** Those that were answered with success, each once. */
  readonly taken: Event[]
  /** Requests whose signature was not right. */
  readonly forged: number
  /** How the next ones are answered: a status; null: not at all. */
  answer: () => number | null
  /** Resolves when that is so, looked at after each event. */
  until<Value>(what: string, find: () => Value | undefined | false): Promise<Value>
  stop(): Promise<void>
}

export async function startReceiver(secret: string, port = 0): Promise<Receiver> {
  const webhook = new Webhook(secret)
  const events: Event[] = []
  const taken: Event[] = []
  const waiting = new Set<() => void>()
  let forged = 0
  const receive = (headers: Record<string, string>, body: string, response: ServerResponse) => {
    const event = { ...(webhook.verify(body, headers) as Omit<Event, 'id'>), id: headers['webhook-id'] ?? '' }
    events.push(event)
    const status = receiver.answer()
    if (status === null) return
    if (status < 300 && !taken.some(({ id }) => id === event.id)) taken.push(event)
    response.writeHead(status).end()
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    try {
      receive(request.headers as Record<string, string>, Buffer.concat(chunks).toString(), response)
    } catch {
      forged++
      response.writeHead(401).end()
    }
    for (const look of [...waiting]) look()
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    events,
    taken,
    get forged() {
      return forged
    },
    answer: () => 204,
    until: (what, find) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(look)
          const seen = events.map(({ id, type }) => `${id} ${type}`).join('\n')
          reject(new Error(`${what} did not come; events so far:\n${seen}`))
        }, 90_000)
        const look = () => {
          const found = find()
          if (found === undefined || found === false) return
          clearTimeout(late)
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}

/** What a receiver knows of a call or user: the types of its events, in the order in which they were taken. */
export const typesOf = (events: readonly Event[], subject: unknown) =>
  events.filter(({ data }) => data.call_id === subject || data.user_id === subject).map(({ type }) => type)
