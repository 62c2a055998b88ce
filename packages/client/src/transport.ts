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

/** What is given, and for the rest what the platform has. */
export function transportOf(given: Partial<Transport> = {}): Transport {
  const platform = globalThis as { WebSocket?: unknown; fetch?: Transport['fetch'] }
  const WebSocket = given.WebSocket ?? (platform.WebSocket as Transport['WebSocket'] | undefined)
  const fetch = given.fetch ?? platform.fetch?.bind(globalThis)
  if (!WebSocket || !fetch)
    throw new ConnectionError('no_transport', {
      message: `there is no ${WebSocket ? 'fetch' : 'WebSocket'} here`,
    })
  return { WebSocket, fetch }
}
