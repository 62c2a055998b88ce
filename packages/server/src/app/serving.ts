import type { Server as HttpServer } from 'node:http'
import { Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { limits } from '../limits.js'

export const listen = (server: HttpServer, host: string, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: limits.listenBacklog }, () => {
      server.off('error', reject)
      resolve()
    })
  })

/**
 * Resolves after a turn of the event loop that was short. A listener that closes then resets hardly any connection that
 * waits to be accepted, which its client takes for a failure.
 */
export async function quietTurn(): Promise<void> {
  for (let turns = 0; turns < limits.quietTurns; turns++) {
    const since = performance.now()
    await nextTurn()
    if (performance.now() - since < limits.quietTurnMs) return
  }
}

/** Resolves once the server takes no new connections. */
export async function closedToNew(server: HttpServer): Promise<void> {
  while (server.listening) await nextTurn()
}

export const portOf = (server: HttpServer): number => (server.address() as AddressInfo).port

/** Where the server listens, as clients write it: `wss://127.0.0.1:4000`. */
export function addressOf(server: HttpServer, scheme: 'http' | 'ws'): string {
  const { address, port, family } = server.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  return `${scheme}${server instanceof TlsServer ? 's' : ''}://${host}:${port}`
}

/** One line for the operator when a port cannot be listened on. */
export function explainListening(error: unknown, variable: string, host = 'HOST'): Error {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number }
  const why: Record<string, string> = {
    EADDRINUSE: `port ${port} is taken by another program`,
    EACCES: `port ${port} needs more rights; choose one above 1023`,
    EADDRNOTAVAIL: `${host} is not an address of this machine`,
  }
  return new Error(`${variable}: ${why[code ?? ''] ?? message}`, { cause: error })
}
