import { ConnectionError } from './errors.js'

/** As much of a WebSocket as is used here: the browser's own has it, and the package `ws`. */
export interface WebSocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(text: string): void
  close(code?: number, reason?: string): void
}

/** How to reach the server. */
export interface Transport {
  readonly WebSocket: new (url: string) => WebSocketLike
  readonly fetch: typeof globalThis.fetch
}

const missing = (what: string) => new ConnectionError('no_transport', { message: `there is no ${what} here` })

/** What is given, or what the platform has. */
export function fetchOf({ fetch }: Partial<Transport> = {}): Transport['fetch'] {
  const found = fetch ?? (globalThis as { fetch?: Transport['fetch'] }).fetch?.bind(globalThis)
  if (!found) throw missing('fetch')
  return found
}

/** The same of both. */
export function transportOf(given: Partial<Transport> = {}): Transport {
  const WebSocket = given.WebSocket ?? (globalThis as { WebSocket?: Transport['WebSocket'] }).WebSocket
  if (!WebSocket) throw missing('WebSocket')
  return { WebSocket, fetch: fetchOf(given) }
}
