import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { closeEvents } from '@switchboard/protocol'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { limits } from '../limits.js'
import type { Connection } from './connection.js'
import { type Heart, type Link, openLink } from './link.js'

export interface SocketServerDeps {
  /** From 0 to 1. */
  readonly random: () => number
  readonly open: (link: Link) => Connection
  readonly heart: Heart
  /** Whether a browser's page of this origin may connect; asked only when there is an `Origin`. */
  readonly isOriginAllowed: (origin: string, host: string | undefined) => boolean
  /** Whether new sockets are taken. */
  readonly isAccepting: () => boolean
}

/** The `ws` side of signaling: takes upgrades of any number of HTTP servers and owns every socket it took. */
export function createSocketServer({ open, heart, isOriginAllowed, isAccepting, random }: SocketServerDeps) {
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false, // 450 KiB a busy connection and a bomb's fuse, for text that is short anyway
    maxFragments: limits.frameFragments,
    maxBufferedChunks: limits.frameChunks,
  } as ServerOptions)

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const { origin, host } = request.headers
    if (!isAccepting()) return reject(socket, '503 Service Unavailable')
    if (origin !== undefined && !isOriginAllowed(origin, host)) return reject(socket, '403 Forbidden')
    wss.handleUpgrade(request, socket, head, ws => take(ws, socket))
  }

  function take(ws: WebSocket, raw: Duplex) {
    const link = openLink(ws, raw, heart, (event, reason) => connection.cut(event, reason))
    const connection = open(link)
    ws.on('message', (data, isBinary) => {
      link.heard()
      if (isBinary) connection.binary()
      else connection.text((data as Buffer).toString())
    })
    ws.on('pong', link.heard)
    ws.on('close', () => {
      link.gone()
      connection.closed()
    })
    // ws closes by itself with the right code (1002, 1007, 1009); the error only says so.
    ws.on('error', () => undefined)
  }

  return {
    /** Serves signaling at `path` of this server; every other upgrade there is refused. */
    attach(server: HttpServer, path: string) {
      server.on('upgrade', (request, socket, head) => {
        socket.on('error', () => socket.destroy())
        const [requested] = (request.url ?? '').split('?')
        if (requested === path) upgrade(request, socket, head)
        else reject(socket, '404 Not Found')
      })
    },

    /**
     * Sends every client away to come back: closes are spread over a time that grows with their number, and each is
     * told its own delay, so that nobody comes back at once with all the others. Resolves when all are closed.
     */
    async drain(): Promise<void> {
      const spread = Math.min(limits.shutdownJitterMs, heart.links.size * limits.shutdownJitterPerSocketMs)
      await Promise.all(
        [...heart.links].map(async link => {
          await setTimeout(random() * spread)
          const comeBack = Math.round(random() * Math.max(spread, limits.comeBackMs))
          const closed = link.closed()
          link.cut(closeEvents.restarting, `${closeEvents.restarting.reason}, come back in ${comeBack} ms`)
          await closed
        }),
      )
    },
  }
}

function reject(socket: Duplex, status: string) {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
