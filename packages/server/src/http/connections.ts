import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { upgraded } from './upgrades.js'

/** The connections of HTTP servers, so that a server on its way out waits for requests and not for silence. */
export interface Connections {
  watch(server: Server): void
  /** Closes every connection without a request, now and as the requests under way are answered. */
  drain(): void
}

/**
 * Node's `closeIdleConnections` leaves those that have not said anything yet, and they may stay silent for as long as
 * headers may take. Upgraded ones are no longer HTTP's to close.
 */
export function createConnections(): Connections {
  const underWay = new Map<Duplex, number>()
  let draining = false

  function begin(socket: Duplex, response: ServerResponse) {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1)
    if (draining && !response.headersSent) response.setHeader('connection', 'close')
    response.once('close', () => {
      const left = (underWay.get(socket) ?? 1) - 1
      if (!underWay.has(socket)) return // closed or upgraded meanwhile
      underWay.set(socket, left)
      if (draining && left === 0) socket.end(() => socket.destroy())
    })
  }

  return {
    watch(server) {
      const opened = 'setSecureContext' in server ? 'secureConnection' : 'connection'
      server.on(opened, (socket: Duplex) => {
        if (draining) {
          socket.destroy()
          return
        }
        underWay.set(socket, underWay.get(socket) ?? 0)
        socket.once('close', () => underWay.delete(socket))
      })
      server.prependListener('request', (request, response) => begin(request.socket, response))
      server.on(upgraded, (socket: Duplex) => underWay.delete(socket))
    },

    drain() {
      draining = true
      for (const [socket, requests] of underWay) if (requests === 0) socket.destroy()
    },
  }
}
