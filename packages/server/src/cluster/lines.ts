import { boundedMap } from '../bounded-map.js'
import type { Bus } from '../bus/bus.js'
import type { Clock, Timers } from '../clock.js'
import { limits } from '../limits.js'
import { createLine, type Line } from './line.js'
import { readFrameText, writeFrame } from './line-text.js'
import { type NodeId, nodeSubject } from './node-id.js'
import { createAssembly, partsOf } from './parts.js'

export interface LinesDeps {
  readonly bus: Bus
  readonly self: NodeId
  readonly clock: Clock
  readonly timers: Timers
  readonly deliver: (from: NodeId, body: string) => void
  /** Whatever was on the way to or from this node may be lost; of what was sent, `lost` has no receipt. */
  readonly broken: (node: NodeId, lost: readonly string[]) => void
}

type Assembly = ReturnType<typeof createAssembly>

export type Lines = ReturnType<typeof createLines>

/** Lines to every node that this one has to do with, over one subject each. */
export function createLines({ bus, self, clock, timers, deliver, broken }: LinesDeps) {
  const lines = new Map<NodeId, Line>()
  const assemblies = new Map<NodeId, Assembly>()
  /** Epochs of nodes that were given up: what comes late of them is not taken for news. */
  const over = boundedMap<NodeId, number>(limits.linesRemembered)
  let lastEpoch = 0
  const newEpoch = () => {
    lastEpoch = Math.max(lastEpoch + 1, Math.floor(clock.wall()))
    return lastEpoch
  }

  function lineTo(node: NodeId): Line {
    let line = lines.get(node)
    if (!line) {
      line = createLine({
        newEpoch,
        after: timers.after,
        send: frame => bus.publish(nodeSubject(node), writeFrame(self, frame)),
        deliver: part => take(node, part),
        broken: lost => {
          assemblies.get(node)?.drop()
          broken(node, lost)
        },
        floor: over.get(node) ?? 0,
      })
      lines.set(node, line)
    }
    return line
  }

  function take(node: NodeId, part: string) {
    const assembly = assemblies.get(node) ?? createAssembly()
    assemblies.set(node, assembly)
    const body = assembly.take(part)
    if (body !== undefined) deliver(node, body)
  }

  const subscription = bus.subscribe(nodeSubject(self), ({ data, reply }) => {
    if (data === 'ping') return reply('pong')
    const read = readFrameText(data)
    if (read) lineTo(read.from).receive(read.frame)
  })

  return {
    ready: subscription.ready,
    send(node: NodeId, body: string) {
      if (node === self) return queueMicrotask(() => deliver(self, body))
      for (const part of partsOf(body)) lineTo(node).send(part, body)
    },

    /** Gives a node up; returns what was sent to it without a receipt. */
    cut(node: NodeId): readonly string[] {
      const closed = lines.get(node)?.close()
      if (closed) over.set(node, closed.over)
      assemblies.delete(node)
      lines.delete(node)
      return closed?.lost ?? []
    },

    known: (): readonly NodeId[] => [...lines.keys()],

    /** What other nodes have not received yet, as far as is known. */
    waiting: () => [...lines.values()].reduce((sum, line) => sum + line.waiting(), 0),

    stop() {
      subscription.unsubscribe()
      for (const line of lines.values()) line.close()
      lines.clear()
    },
  }
}
