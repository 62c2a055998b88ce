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
  const opened = new Map<Duplex, { underWay: number; isFresh: boolean }>()
  let draining = false

  function begin(socket: Duplex, response: ServerResponse) {
    const its = opened.get(socket)
    if (its) {
      its.underWay++
      its.isFresh = false
    }
    if (draining && !response.headersSent) response.setHeader('connection', 'close')
    response.once('close', () => {
      if (!its || !opened.has(socket)) return // closed or upgraded meanwhile
      its.underWay--
      if (draining && its.underWay === 0) socket.end(() => socket.destroy())
    })
  }

  return {
    watch(server) {
      const isOpened = 'setSecureContext' in server ? 'secureConnection' : 'connection'
      const forget = (socket: Duplex) => opened.delete(socket)
      server.on(isOpened, (socket: Duplex) => {
        if (opened.has(socket)) return // a connection may be handed in a second time
        opened.set(socket, { underWay: 0, isFresh: true })
        socket.once('close', () => forget(socket))
      })
      server.prependListener('request', (request, response) => begin(request.socket, response))
      server.on(upgraded, forget)
    },

    drain() {
      draining = true
      for (const [socket, { underWay, isFresh }] of opened) if (underWay === 0 && !isFresh) socket.destroy()
      setTimeout(() => {
        for (const [socket, { isFresh }] of opened) if (isFresh) socket.destroy()
      }, limits.drainFirstRequestMs).unref()
    },
  }
}
