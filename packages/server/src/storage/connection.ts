import type { ClientConfig } from 'pg'
import { limits } from '../limits.js'

export interface ServerAddress {
  /** A host, or the directory of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

/** Where a database is: a `postgresql://` URL, or its parts. */
export type Connection = string | ServerAddress

/** The options every connection of ours is opened with. */
export function clientConfig(connection: Connection): ClientConfig {
  return {
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    fallback_application_name: 'switchboard',
    connectionTimeoutMillis: limits.databaseConnectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: limits.databaseKeepAliveMs,
  }
}
