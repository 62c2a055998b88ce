import type { Server } from 'node:net'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { Count } from '../meter.js'

/** How many connections a process takes. */
export interface ConnectionRoom {
  /** Of any kind; one more is dropped before a byte is read. */
  readonly most: number
  /** From so many on no WebSocket is taken: what is left is for requests, which come and go. */
  readonly sockets: number
}

/** Keeps the connections of several servers together below what the process may open. */
export interface ConnectionCap {
  watch(server: Server): void
  /** Whether a connection may become a WebSocket and stay. Who may not is counted, and told of in the log. */
  takesSocket(): boolean
}

export interface ConnectionCapDeps {
  readonly clock: Clock
  readonly log: Logger
  /** Counts who was dropped, and who was told that there is no room. */
  readonly turnedAway?: Count
}

export function createConnectionCap(
  { most, sockets }: ConnectionRoom,
  { clock, log, turnedAway = new Count() }: ConnectionCapDeps,
): ConnectionCap {
  const connections = new Map<Server, number>()
  let open = 0

  /** Node refuses by `maxConnections` before it allocates anything; every server may take what is free. */
  function allot() {
    const free = most - open
    // 0 means "no limit" to Node before 21.
    for (const [server, own] of connections) server.maxConnections = own + free || -1
  }

  /** Counts each; one line a minute tells of them all. */
  function teller(what: string) {
    let untold = 0
    let toldAt = Number.NEGATIVE_INFINITY
    return () => {
      untold += 1
      turnedAway.add()
      const now = clock.monotonic()
      if (now - toldAt < limits.dropLogMs) return
      toldAt = now
      log.warn(
        { most, sockets, open, turnedAway: untold },
        `too many connections: ${what} (raise "ulimit -n")`,
      )
      untold = 0
    }
  }
  const tellDropped = teller('new ones are dropped')
  const tellRefused = teller('new sockets are answered 503')

  return {
    takesSocket() {
      if (open <= sockets) return true
      tellRefused()
      return false
    },
    watch(server) {
      const count = (by: number) => {
        connections.set(server, (connections.get(server) ?? 0) + by)
        open += by
        allot()
      }
      count(0)
      const seen = new WeakSet<object>() // a connection may be handed in a second time
      server.on('connection', socket => {
        if (seen.has(socket)) return
        seen.add(socket)
        count(1)
        socket.once('close', () => count(-1))
      })
      server.on('drop', tellDropped)
    },
  }
}

/** Files that the process may have open, sockets included; Windows has no such limit. */
export function openFilesLimit(): number {
  // Looking up the names of interfaces takes its time. (Its types do not know the property yet.)
  Object.assign(process.report, { excludeNetwork: true })
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } }
  const soft = userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY
}

/** What is left for connections when files, the database and the log have theirs, and for sockets when requests do. */
export function connectionsWithin(openFiles: number): ConnectionRoom {
  if (!Number.isFinite(openFiles)) return roomFor(Number.MAX_SAFE_INTEGER)
  const most = Math.max(1, openFiles - shareOf(openFiles, limits.filesKept))
  return { most, sockets: Math.max(1, most - shareOf(openFiles, limits.filesForRequests)) }
}

/** As many of whatever kind. */
export const roomFor = (most: number): ConnectionRoom => ({ most, sockets: most })

const shareOf = (
  all: number,
  { share, least, most }: typeof limits.filesKept | typeof limits.filesForRequests,
) => Math.min(most, Math.max(least, Math.ceil(all * share)))
