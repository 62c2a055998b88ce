import { Client, type ClientBase, type ClientConfig } from 'pg'
import { readDatabaseUrl } from '../config/database-url.js'
import { limits } from '../limits.js'
import { type Connection, clientConfig, type ServerAddress } from './connection.js'
import { noConnection } from './errors.js'

/** One of the servers that a database may be found at. */
export interface Server {
  readonly name: string
  readonly config: ClientConfig
  /** How often it stopped being what is wanted; a connection made before then is of no more use. */
  demotions: number
}

/** The servers that a URL names, and which of them new connections are made to. */
export interface Servers {
  readonly count: number
  /** Connections are lent for a transaction at a time: nothing may be left in their sessions. */
  readonly pooled: boolean
  current(): Server
  /** New connections are made to the next one, unless somebody moved on already. */
  passOver(server: Server): void
  /** It takes no writes any more, or does not answer: the connections there are are of no use either. */
  demote(server: Server): void
  /** Rejects when the server is not what is wanted. */
  check(client: ClientBase): Promise<void>
}

/** `random` is between 0 and 1. */
export function serversOf(connection: Connection, random: () => number): Servers {
  const named = typeof connection === 'string' ? readDatabaseUrl(connection) : itself(connection)
  const { wanted, shuffled, pooled } = named
  const servers = named.servers.map(({ name, url }) => ({ name, config: clientConfig(url), demotions: 0 }))
  let at = shuffled ? Math.floor(random() * servers.length) : 0
  const current = () => {
    const server = servers[at]
    if (!server) throw new Error('a database has one server at least')
    return server
  }
  const passOver = (server: Server) => {
    if (current() === server) at = (at + 1) % servers.length
  }
  return {
    count: servers.length,
    pooled,
    current,
    passOver,
    demote(server) {
      server.demotions += 1
      passOver(server)
    },
    async check(client) {
      if (wanted === 'any') return
      const ask = { text: question[wanted], query_timeout: limits.databaseConnectMs }
      const { rows } = await client.query<Record<string, string>>(ask)
      if (Object.values(rows[0] ?? {})[0] !== 'off') throw new Error('the server takes no writes')
    },
  }
}

/** Where no URL was written, there is one server and nothing to choose. */
const itself = (address: ServerAddress) =>
  ({
    servers: [{ name: address.host, url: address }],
    wanted: 'any',
    shuffled: false,
    pooled: false,
  }) as const

/** `off` is the answer of a server that takes writes. Whatever speaks PostgreSQL's protocol knows the first. */
const question = {
  'read-write': 'show transaction_read_only',
  primary: "select case when pg_is_in_recovery() then 'on' else 'off' end",
} as const

/** A single connection to the first server that is what is wanted. */
export async function connectTo(servers: Servers): Promise<Client> {
  for (let attempt = 1; ; attempt++) {
    const server = servers.current()
    const client = new Client(server.config)
    client.on('error', () => {}) // what was asked of it fails as well
    try {
      await client.connect()
      await servers.check(client)
      return client
    } catch (error) {
      await client.end().catch(() => {})
      servers.passOver(server)
      if (attempt === servers.count) throw noConnection(error)
    }
  }
}
