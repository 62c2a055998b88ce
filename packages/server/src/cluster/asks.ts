import { limits } from '../limits.js'
import type { Reply } from './messages.js'
import type { NodeId } from './node-id.js'

export interface AskOptions {
  /** The answer may take as long as the other node needs, for as long as it is there. */
  readonly isPatient?: boolean
  /** The node that was asked may pass it on, and go: the answer may come all the same. */
  readonly isPassedOn?: boolean
  /** Who answers in the end, when that may change: the question goes with the user it is about. None: nobody waits. */
  readonly answerer?: () => NodeId | undefined
}

interface Pending extends AskOptions {
  readonly node: NodeId
  readonly answer: (reply: Reply | undefined) => void
  readonly stop: () => void
}

export type Asks = ReturnType<typeof createAsks>

/** Questions to other nodes that wait for their answer; undefined is the answer of a node that was lost. */
export function createAsks(after: (ms: number, run: () => void) => () => void) {
  const pending = new Map<number, Pending>()
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
    open(node: NodeId, answer: Pending['answer'], options: AskOptions = {}): number {
      const ask = ++last
      const stop = options.isPatient ? () => undefined : after(limits.askMs, () => settle(ask, undefined))
      pending.set(ask, { node, answer, stop, ...options })
      return ask
    },

    /** False when nobody waits for it any more. */
    settle,

    lose(node: NodeId) {
      for (const [ask, { node: asked, answerer, isPassedOn }] of [...pending]) {
        if (isPassedOn) continue
        const from = answerer ? answerer() : asked
        if (from === node || from === undefined) settle(ask, undefined)
      }
    },

    stop() {
      for (const { stop } of pending.values()) stop()
      pending.clear()
    },
  }
}
