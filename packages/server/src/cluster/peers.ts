import { boundedMap } from '../bounded-map.js'
import { type Bus, NoResponders } from '../bus/bus.js'
import type { Clock, Timers } from '../clock.js'
import { limits } from '../limits.js'
import { beatSubject, type NodeId, nodeSubject } from './node-id.js'

export interface PeersDeps {
  readonly bus: Bus
  readonly self: NodeId
  readonly clock: Clock
  readonly timers: Timers
  readonly isDraining: () => boolean
  /** A node is there no more, or cannot be reached. */
  readonly gone: (node: NodeId) => void
  /** One that was gone is heard again: both sides may have gone on without the other. */
  readonly back: (node: NodeId) => void
}

interface Peer {
  heardAt: number
  isDraining: boolean
  isAsked: boolean
}

/**
 * Who else is there: every node says so now and then. One that falls silent is asked; when nobody is subscribed in
 * its place it is gone at once, and when it does not answer, after a while.
 */
export function startPeers({ bus, self, clock, timers, isDraining, gone, back }: PeersDeps) {
  const peers = new Map<NodeId, Peer>()
  const parted = boundedMap<NodeId, true>(limits.linesRemembered)
  const shunned = boundedMap<NodeId, true>(limits.linesRemembered)
  let stopTimer: () => void = () => undefined
  let isStopped = false
  let awaySince: number | undefined

  const subscription = bus.subscribe(beatSubject, ({ data }) => {
    const [node, state] = data.split(' ') as [NodeId, string]
    if (state !== 'bye') return hear(node, state === 'draining')
    remove(node)
    parted.delete(node)
  })

  /** A sign of life. */
  function hear(node: NodeId, isLeaving: boolean) {
    if (node === self || shunned.get(node)) return
    const isNew = !peers.has(node)
    peers.set(node, { heardAt: clock.monotonic(), isDraining: isLeaving, isAsked: false })
    if (!isNew) return
    beat()
    if (parted.delete(node)) back(node)
  }

  const beat = () => bus.publish(beatSubject, `${self} ${isDraining() ? 'draining' : 'here'}`)

  function remove(node: NodeId) {
    if (!peers.delete(node)) return
    parted.set(node, true)
    gone(node)
  }

  function look() {
    const now = clock.monotonic()
    if (!bus.isConnected()) {
      awaySince ??= now
      // Nobody can be told from anybody else: all are out of reach.
      if (now - awaySince >= limits.busPatienceMs) for (const node of [...peers.keys()]) remove(node)
    } else {
      awaySince = undefined
      beat()
      for (const [node, peer] of peers) {
        const silent = now - peer.heardAt
        if (silent > 2 * limits.nodeSilentMs) remove(node)
        else if (silent > limits.nodeSilentMs && !peer.isAsked) void ask(node, peer)
      }
    }
    if (!isStopped) stopTimer = timers.after(limits.nodeBeatMs, look)
  }

  async function ask(node: NodeId, peer: Peer) {
    peer.isAsked = true
    try {
      await bus.request(nodeSubject(node), 'ping', limits.busRequestMs)
      peer.heardAt = clock.monotonic()
    } catch (error) {
      if (error instanceof NoResponders && peers.get(node) === peer) remove(node)
    }
    peer.isAsked = false
  }

  look()
  return {
    ready: subscription.ready,
    has: (node: NodeId): boolean => peers.has(node),
    /** The node was fenced: whatever it still says is of the past. */
    shun(node: NodeId) {
      if (shunned.get(node)) return
      shunned.set(node, true)
      remove(node)
    },
    isShunned: (node: NodeId) => shunned.get(node) === true,
    /** The node spoke to this one; whether it stays is not known from that. */
    meet(node: NodeId) {
      const known = peers.get(node)
      if (known) known.heardAt = clock.monotonic()
      else hear(node, false)
    },
    /** Nodes that take over what others give up. */
    lasting: (): readonly NodeId[] => [...peers].flatMap(([node, peer]) => (peer.isDraining ? [] : [node])),
    count: () => peers.size,
    /** Tells the others at once that something changed about this node. */
    beat,
    /** Somebody could not be reached: look now, not at the next beat. */
    suspect(node: NodeId) {
      const peer = peers.get(node)
      if (peer && !peer.isAsked) void ask(node, peer)
    },
    stop() {
      isStopped = true
      stopTimer()
      subscription.unsubscribe()
      bus.publish(beatSubject, `${self} bye`)
    },
  }
}
