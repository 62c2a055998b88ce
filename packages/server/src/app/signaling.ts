import type { Server as HttpServer } from 'node:http'
import type { UserId } from '@switchboard/protocol'
import type { UserDevice } from '@switchboard/protocol/admin'
import { createNode, type NodeDeps, type SignalingNode } from '../cluster/node.js'
import type { Config } from '../config.js'
import type { Way } from '../http/proxies.js'
import type { Meter } from '../meter.js'
import { openConnection } from '../signaling/connection.js'
import { startHeart } from '../signaling/link.js'
import { signalingMeasures } from '../signaling/measures.js'
import { originPolicy } from '../signaling/origins.js'
import { createSocketServer } from '../signaling/socket-server.js'
import type { ClientAddress } from '../throttles/client-address.js'
import type { Throttles } from '../throttles/throttles.js'
import type { Tripped } from '../throttles/tripped.js'

export interface StartSignalingDeps extends NodeDeps {
  readonly config: NodeDeps['config'] & Pick<Config, 'allowedOrigins' | 'publicUrl' | 'securityProfile'>
  /** Ports of our own pages; known once they are listened on. */
  readonly ports: () => readonly number[]
  readonly way: Way
  /** Whether there is a descriptor for one more socket that stays. */
  readonly takesSocket: () => boolean
  readonly clientAddress: ClientAddress
  readonly throttles: Throttles
  readonly random: () => number
  readonly meter: Meter
  readonly tripped: Tripped
}

/** Signaling at work: attach it to servers, drain it, stop it. */
export interface RunningSignaling extends Pick<SignalingNode, 'presence' | 'settled' | 'counts' | 'endCall'> {
  /** Serves sockets at this path of the server. */
  attach(server: HttpServer, path: string): void
  /** The user's devices that have a session on this node. */
  devicesOf(userId: UserId): readonly Omit<UserDevice, 'node'>[]
  /** Takes no new sockets, sends every client away to come back, and releases everything; calls stay as written. */
  stop(): Promise<void>
}

/** Signaling with its sockets. */
export async function startSignaling(deps: StartSignalingDeps): Promise<RunningSignaling> {
  const { config, throttles, clock, meter } = deps
  const measures = signalingMeasures(meter, deps.tripped)
  const node = await createNode({ ...deps, measures })
  const heart = startHeart(clock, config.heartbeatMs, measures)
  meter.gauge('switchboard_sockets', 'Open sockets of clients', () => heart.links.size)
  let accepting = true
  const sockets = createSocketServer({
    random: deps.random,
    open: (link, seat) =>
      openConnection(link, node.signaling, {
        ...{ seat, clock, measures },
        budget: throttles.socketBudget(),
      }),
    seatFor: request =>
      throttles.openSocket(
        deps.clientAddress(request.socket.remoteAddress, request.headers['x-forwarded-for']),
      ),
    heart,
    isOriginAllowed: originPolicy(config.allowedOrigins, config.publicUrl, deps.ports),
    isAccepting: () => accepting,
    takesSocket: deps.takesSocket,
    way: deps.way,
    refusePlain: config.securityProfile === 'strict',
    newId: deps.newId,
  })
  await node.begin()

  return {
    presence: node.presence,
    attach: sockets.attach,
    settled: node.settled,
    devicesOf: userId =>
      node.signaling.ofUser(userId).map(({ id, login, socket, connectedAt }) => ({
        ...{ id, login, isConnected: socket !== undefined },
        connectedAt: new Date(connectedAt).toISOString(),
      })),
    endCall: node.endCall,
    counts: () => ({ ...node.counts(), sockets: heart.links.size }),
    async stop() {
      accepting = false
      await node.stop(sockets.drain)
      heart.stop()
    },
  }
}
