import { once } from 'node:events'
import { type AddressInfo, createServer, connect as open, type Socket } from 'node:net'
import type { ServerAddress } from './connection.js'

/** Stands between a client and PostgreSQL, and cuts the wire at one message. */
export interface WireProxy {
  readonly address: ServerAddress
  /** The next message of the client that holds this text is kept from the server, or only its answer from the client. */
  cut(text: string, when: 'before' | 'after'): void
  /** How often it was cut. */
  readonly cuts: number
  close(): Promise<void>
}

export async function startProxy(target: ServerAddress): Promise<WireProxy> {
  let awaited: { readonly text: string; readonly when: 'before' | 'after' } | undefined
  let cuts = 0
  const sockets = new Set<Socket>()
  const toServer = () =>
    target.host.startsWith('/')
      ? open(`${target.host}/.s.PGSQL.${target.port}`)
      : open(target.port, target.host)

  const server = createServer(client => {
    const upstream = toServer()
    let mute = false
    const cut = () => {
      cuts += 1
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    client.on('data', chunk => {
      if (awaited && chunk.includes(awaited.text)) {
        const { when } = awaited
        awaited = undefined
        if (when === 'before') return cut()
        mute = true
      }
      upstream.write(chunk)
    })
    upstream.on('data', chunk => (mute ? cut() : client.write(chunk)))
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: { ...target, host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    cut: (text, when) => {
      awaited = { text, when }
    },
    get cuts() {
      return cuts
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
