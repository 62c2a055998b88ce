import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { limits } from '../limits.js'
import { upgraded } from './upgrades.js'

/** The connections of HTTP servers, so that a server on its way out waits for requests and not for silence. */
export interface Connections {
  watch(server: Server): void
  /**
   * Closes every connection without a request, now and as the requests under way are answered. One that has just been
   * opened may still say what it was opened for.
   */
  drain(): void
}

/**
 * Node's `closeIdleConnections` leaves those that have not said anything yet, and they may stay silent for as long as
 * headers may take. Upgraded ones are no longer HTTP's to close.
 */
export function createConnections(): Connections {
  const underWay = new Map<Duplex, number>()
  /** Opened, and nothing has been asked over it yet. */
  const fresh = new Set<Duplex>()
  let draining = false

  function begin(socket: Duplex, response: ServerResponse) {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1)
    fresh.delete(socket)
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
        underWay.set(socket, underWay.get(socket) ?? 0)
        fresh.add(socket)
        socket.once('close', () => {
          underWay.delete(socket)
          fresh.delete(socket)
        })
      })
      server.prependListener('request', (request, response) => begin(request.socket, response))
      server.on(upgraded, (socket: Duplex) => {
        underWay.delete(socket)
        fresh.delete(socket)
      })
    },

    drain() {
      draining = true
      for (const [socket, requests] of underWay) if (requests === 0 && !fresh.has(socket)) socket.destroy()
      setTimeout(() => {
        for (const socket of fresh) socket.destroy()
      }, limits.drainFirstRequestMs).unref()
    },
  }
}
