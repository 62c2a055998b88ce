import type { Server } from 'node:net'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { Count } from '../meter.js'

/** Keeps the connections of several servers together below what the process may open. */
export interface ConnectionCap {
  watch(server: Server): void
}

export function createConnectionCap(
  most: number,
  { clock, log, dropped: everDropped = new Count() }: { clock: Clock; log: Logger; dropped?: Count },
): ConnectionCap {
  const connections = new Map<Server, number>()
  let dropped = 0
  let loggedAt = Number.NEGATIVE_INFINITY

  /** Node refuses by `maxConnections` before it allocates anything; every server may take what is free. */
  function allot() {
    const free = most - [...connections.values()].reduce((sum, count) => sum + count, 0)
    // 0 means "no limit" to Node before 21.
    for (const [server, own] of connections) server.maxConnections = own + free || -1
  }

  function tellDropped() {
    dropped += 1
    everDropped.add()
    const now = clock.monotonic()
    if (now - loggedAt < limits.dropLogMs) return
    loggedAt = now
    log.warn({ most, dropped }, 'too many connections: new ones are dropped (raise "ulimit -n")')
    dropped = 0
  }

  return {
    watch(server) {
      const count = (by: number) => {
        connections.set(server, (connections.get(server) ?? 0) + by)
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

/** What is left for connections when files, the database and the log have theirs. */
export function connectionsWithin(openFiles: number): number {
  const kept = Math.max(limits.filesKept, Math.ceil(openFiles * limits.filesKeptShare))
  return Number.isFinite(openFiles) ? Math.max(1, openFiles - kept) : Number.MAX_SAFE_INTEGER
}
