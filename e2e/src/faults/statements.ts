import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What the product asks of PostgreSQL, by the names of its statements, read on the wire. */
export interface Statements {
  readonly url: string
  /** How often each was run since the last look. */
  look(): ReadonlyMap<string, number>
  stop(): Promise<void>
}

/** What a node asks again and again whoever is there: the feed of account events, its lease, mail that is due. */
const housekeeping = /^(account_feed|nodes|mail_jobs|throttles|ping|begin|commit)/

/** Of those counted the ones that somebody's connecting or calling caused. */
export const causedBySockets = (counts: ReadonlyMap<string, number>) =>
  [...counts].filter(([name]) => !housekeeping.test(name) || name === 'nodes.owners_of')

/** A proxy in front of the database that counts the statements that are run through it. */
export async function countStatements(databaseUrl: string): Promise<Statements> {
  const target = new URL(databaseUrl)
  let counts = new Map<string, number>()
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const upstream = connect(Number(target.port), target.hostname)
    const read = reader(name => void counts.set(name, (counts.get(name) ?? 0) + 1))
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    client.on('data', (chunk: Buffer) => {
      read(chunk)
      upstream.write(chunk)
    })
    upstream.on('data', chunk => client.write(chunk))
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    look() {
      const seen = counts
      counts = new Map()
      return seen
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Reads the client's side of PostgreSQL's protocol: a start without a kind, then messages of kind, length and body. */
function reader(ran: (name: string) => void) {
  let rest: Buffer = Buffer.alloc(0)
  let hasStarted = false
  const text = (from: Buffer, at: number) => from.toString('utf8', at, from.indexOf(0, at))
  return (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      const kindBytes = hasStarted ? 1 : 0
      if (rest.length < kindBytes + 4) return
      const length = kindBytes + rest.readUInt32BE(kindBytes)
      if (rest.length < length) return
      const message = rest.subarray(0, length)
      rest = rest.subarray(length)
      if (!hasStarted) {
        hasStarted = true
        continue
      }
      const kind = String.fromCharCode(message[0] as number)
      if (kind === 'Q') ran(text(message, 5).trim().split(/\s+/)[0]?.toLowerCase() ?? '')
      if (kind === 'B') ran(text(message, message.indexOf(0, 5) + 1)) // Bind: portal, then statement
    }
  }
}
