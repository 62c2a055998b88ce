import { limits } from '../limits.js'
import type { Reply } from './messages.js'
import type { NodeId } from './node-id.js'

export type Asks = ReturnType<typeof createAsks>

/** Questions to other nodes that wait for their answer; undefined is the answer of a node that was lost. */
export function createAsks(after: (ms: number, run: () => void) => () => void) {
  const pending = new Map<
    number,
    { readonly node: NodeId; readonly answer: (reply: Reply | undefined) => void; readonly stop: () => void }
  >()
  let last = 0

  function settle(ask: number, reply: Reply | undefined): boolean {
    const waiting = pending.get(ask)
    if (!waiting) return false
    pending.delete(ask)
    waiting.stop()
    waiting.answer(reply)
    return true
  }

  return {
    /** `isPatient`: the answer may take as long as the other node needs, for as long as it is there. */
    open(node: NodeId, answer: (reply: Reply | undefined) => void, isPatient = false): number {
      const ask = ++last
      const stop = isPatient ? () => undefined : after(limits.askMs, () => settle(ask, undefined))
      pending.set(ask, { node, answer, stop })
      return ask
    },

    /** False when nobody waits for it any more. */
    settle,

    lose(node: NodeId) {
      for (const [ask, waiting] of [...pending]) if (waiting.node === node) settle(ask, undefined)
    },

    stop() {
      for (const { stop } of pending.values()) stop()
      pending.clear()
    },
  }
}
