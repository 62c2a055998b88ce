import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { type CloseEvent, closeEvents, type Problem } from '@switchboard/protocol'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { answerSocket } from '../http/answer-socket.js'
import { problemOf } from '../http/problem.js'
import type { Way } from '../http/proxies.js'
import { onWebSocketRequest } from '../http/upgrades.js'
import { limits } from '../limits.js'
import type { SocketSeat } from '../throttles/socket-seats.js'
import type { Connection } from './connection.js'
import { type Heart, type Link, openLink } from './link.js'
import type { OriginPolicy } from './origins.js'

export interface SocketServerDeps {
  /** From 0 to 1. */
  readonly random: () => number
  readonly open: (link: Link, seat: SocketSeat) => Connection
  /** A place among the sockets of the client's address; undefined: it has too many. */
  readonly seatFor: (request: IncomingMessage) => SocketSeat | undefined
  readonly heart: Heart
  /** Whether a browser's page of this origin may connect; asked only when there is an `Origin`. */
  readonly isOriginAllowed: OriginPolicy
  readonly way: Way
  /** Tokens travel encrypted, at least to a proxy of ours (contract section 1, strict profile). */
  readonly refusePlain: boolean
  readonly newId: () => string
  /** Whether new sockets are taken. */
  readonly isAccepting: () => boolean
  /** Whether there is a descriptor for one more socket that stays. */
  readonly takesSocket: () => boolean
}

/** The `ws` side of signaling: takes upgrades of any number of HTTP servers and owns every socket it took. */
export function createSocketServer(deps: SocketServerDeps) {
  const { measures } = deps.heart
  const { open, seatFor, heart, isOriginAllowed, isAccepting, takesSocket, way, refusePlain, newId, random } =
    deps
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false, // 450 KiB a busy connection and a bomb's fuse, for text that is short anyway
    maxFragments: limits.frameFragments,
    maxBufferedChunks: limits.frameChunks,
  } as ServerOptions)

  /** The time over which as many clients as there are come back without a storm. */
  const spreadMs = () =>
    Math.min(limits.shutdownJitterMs, heart.links.size * limits.shutdownJitterPerSocketMs)

  /** Whoever has to come back is told when (contract section 3, `1012`): many may hear it in the same moment. */
  function reasonOf({ code, reason }: CloseEvent): string {
    if (code !== closeEvents.restarting.code) return reason
    return `${reason}, come back in ${Math.round(random() * Math.max(spreadMs(), limits.comeBackMs))} ms`
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const refuse = (
      why: keyof typeof measures.refused,
      problem: Problem,
      headers?: Record<string, string>,
    ) => {
      measures.refused[why].add()
      answerSocket(socket, newId(), problem, headers)
    }
    const { origin, host } = request.headers
    const encrypted = way.isEncrypted(request)
    if (!isAccepting()) return refuse('stopping', problemOf('service_unavailable'))
    if (!takesSocket()) return refuse('full', noRoom, comeBackLater)
    if (host === undefined)
      return refuse('no_host', problemOf('invalid_request', 'A request needs a Host field'))
    if (origin !== undefined && !isOriginAllowed({ origin, host, encrypted }))
      return refuse('foreign_origin', problemOf('origin_refused'))
    if (refusePlain && !way.isProtected(request))
      return refuse('not_encrypted', problemOf('invalid_request', 'This server takes wss only'))
    const seat = seatFor(request)
    if (!seat) return refuse('too_many', problemOf('rate_limited'), comeBackLater)
    socket.once('close', () => seat.release()) // whether the handshake succeeds or not
    wss.handleUpgrade(request, socket, head, ws => take(ws, socket, seat))
  }

  function take(ws: WebSocket, raw: Duplex, seat: SocketSeat) {
    const link = openLink(ws, raw, heart, (event, reason) => connection.cut(event, reason), reasonOf)
    const connection = open(link, seat)
    ws.on('message', (data, isBinary) => {
      link.heard()
      if (isBinary) connection.binary()
      else connection.text((data as Buffer).toString())
    })
    ws.on('pong', data => link.ponged(data))
    let broke: number | undefined
    ws.on('close', code => {
      link.gone(broke ?? code)
      connection.closed()
    })
    // ws closes by itself with the right code (1002, 1007, 1009); the error only says so.
    ws.on('error', error => {
      broke = brokenRule(error)
      if (broke === closeEvents.tooLarge.code) measures.tripped.frameBytes.add()
    })
  }

  return {
    /** Serves signaling at `path` of this server; every other upgrade there is refused. */
    attach(server: HttpServer, path: string) {
      onWebSocketRequest(server, newId, (request, socket, head) => {
        const [requested] = (request.url ?? '').split('?')
        if (requested === path) upgrade(request, socket, head)
        else answerSocket(socket, newId(), problemOf('not_found', `Sockets are at ${path}`))
      })
    },

    /**
     * Sends every client away to come back: closes are spread over a time that grows with their number, and each is
     * told its own delay, so that nobody comes back at once with all the others. Resolves when all are closed.
     */
    async drain(): Promise<void> {
      const spread = spreadMs()
      await Promise.all(
        [...heart.links].map(async link => {
          await setTimeout(random() * spread)
          const closed = link.closed()
          link.cut(closeEvents.restarting)
          await closed
        }),
      )
    },
  }
}

const noRoom = problemOf('service_unavailable', 'The server has as many connections as it can take')
const comeBackLater = { 'retry-after': `${limits.socketsRetrySeconds}` }

/** The code that `ws` closes with by itself: what it read was too large, no UTF-8, or no WebSocket. */
function brokenRule(error: Error): number | undefined {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return closeEvents.tooLarge.code
  if (code === 'WS_ERR_INVALID_UTF8') return 1007
  return code.startsWith('WS_ERR_') ? 1002 : undefined
}
