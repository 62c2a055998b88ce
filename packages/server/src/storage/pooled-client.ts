import { Client, type ClientBase, type ClientConfig } from 'pg'
import type { Server, Servers } from './servers.js'

/** What is known of a connection of the pool. */
export interface Origin {
  readonly server: Server
  /** The server has been demoted since the connection was made. */
  readonly outdated: boolean
  broken: Error | undefined
}

export interface PooledClients {
  /** The class that the pool makes its connections of: each goes to the server that is current at that moment. */
  readonly PooledClient: new () => Client
  originOf(client: ClientBase): Origin
}

export function pooledClients(servers: Servers, settings: ClientConfig): PooledClients {
  const origins = new WeakMap<ClientBase, Origin>()

  class PooledClient extends Client {
    constructor() {
      const server = servers.current()
      super({ ...server.config, ...settings })
      const { demotions } = server
      const origin: Origin = {
        server,
        broken: undefined,
        get outdated() {
          return server.demotions > demotions
        },
      }
      // From the first moment on: a server that goes down may end a connection in the same breath in which it opens it,
      // before anybody has it in hand, and an error that nobody hears ends the process.
      this.on('error', error => {
        origin.broken ??= error
      })
      origins.set(this, origin)
    }
  }

  const originOf = (client: ClientBase): Origin => {
    const origin = origins.get(client)
    if (!origin) throw new Error('a connection of another pool')
    return origin
  }
  return { PooledClient, originOf }
}
