import type { Server as HttpServer } from 'node:http'
import { Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { limits } from '../limits.js'

export const listen = (server: HttpServer, host: string, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: limits.listenBacklog }, () => {
      server.off('error', reject)
      resolve()
    })
  })

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
