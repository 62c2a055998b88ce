import { limits } from '../limits.js'

/** What goes from one node to another: a message with its place in the line, a receipt, or "I do not know this line". */
export type LineFrame =
  | {
      readonly kind: 'message'
      readonly epoch: number
      /** The other side's epoch as this one knew it; 0: it knows none. */
      readonly knows: number
      readonly seq: number
      /** The first that has no receipt: 1 means that this line has just begun. */
      readonly first: number
      readonly body: string
    }
  | { readonly kind: 'receipt'; readonly epoch: number; readonly upTo: number }
  | { readonly kind: 'unknown'; readonly epoch: number }

export interface LineDeps {
  /** Rises with every line that this process opens to anybody. */
  readonly newEpoch: () => number
  readonly send: (frame: LineFrame) => void
  readonly deliver: (body: string) => void
  /** The other side lost what it knew of us, or we gave up: whatever was on the way may be lost, such as `lost`. */
  readonly broken: (lost: readonly string[]) => void
  readonly after: (ms: number, run: () => void) => () => void
  /** Epochs of the other side up to this one are over. */
  readonly floor: number
}

interface Sent {
  readonly seq: number
  readonly body: string
  /** What it is a part of. */
  readonly whole: string
}

export type Line = ReturnType<typeof createLine>

/**
 * One node's line to another: everything sent arrives, once and in order, however often the bus loses, repeats or
 * swaps messages; or else both sides hear that the line broke.
 */
export function createLine({ newEpoch, send, deliver, broken, after, floor }: LineDeps) {
  let out = { epoch: newEpoch(), next: 1, unacked: [] as Sent[] }
  let incoming: { readonly epoch: number; expected: number } | undefined
  /** What overtook others on the way. */
  const early = new Map<number, string>()
  let overUpTo = floor
  let retryMs: number = limits.lineRetryMs
  let stopRetry: (() => void) | undefined
  let stopReceipt: (() => void) | undefined
  let unreceipted = 0

  const transmit = ({ seq, body }: Sent) =>
    send({
      kind: 'message',
      epoch: out.epoch,
      knows: incoming?.epoch ?? 0,
      seq,
      first: out.unacked[0]?.seq ?? seq,
      body,
    })

  function retryLater() {
    stopRetry ??= after(retryMs, () => {
      stopRetry = undefined
      if (out.unacked.length === 0) return
      retryMs = Math.min(2 * retryMs, limits.lineRetryMaxMs)
      out.unacked.slice(0, limits.lineAckEvery).forEach(transmit)
      retryLater()
    })
  }

  function receipt() {
    stopReceipt?.()
    stopReceipt = undefined
    unreceipted = 0
    if (incoming) send({ kind: 'receipt', epoch: incoming.epoch, upTo: incoming.expected - 1 })
  }

  function stop() {
    stopRetry?.()
    stopReceipt?.()
    stopRetry = undefined
    stopReceipt = undefined
  }

  /** Begins anew towards the other side, which takes it from `knows` whether it has to do the same. */
  function breakOff(): readonly string[] {
    stop()
    const lost = new Set(out.unacked.map(({ whole }) => whole))
    overUpTo = Math.max(overUpTo, incoming?.epoch ?? 0)
    incoming = undefined
    early.clear()
    out = { epoch: newEpoch(), next: 1, unacked: [] }
    retryMs = limits.lineRetryMs
    unreceipted = 0
    return [...lost]
  }

  function takeMessage({ epoch, knows, seq, first, body }: Extract<LineFrame, { kind: 'message' }>) {
    if (epoch < (incoming?.epoch ?? 0)) return // sent before the line broke
    if (epoch !== incoming?.epoch) {
      if (first !== 1 || epoch <= overUpTo) return send({ kind: 'unknown', epoch })
      if (seq !== 1) return // it overtook the first one, and is sent again
      // It began anew, and not because we had: what we had sent it is lost.
      const isLost = knows !== out.epoch && (incoming !== undefined || knows !== 0)
      const lost = isLost ? breakOff() : undefined
      incoming = { epoch, expected: 1 }
      early.clear()
      if (lost) broken(lost)
    }
    if (!incoming || seq < incoming.expected) return receipt() // sent again, because our receipt was lost
    if (seq > incoming.expected) {
      if (early.size < limits.lineAckEvery) early.set(seq, body)
      return receipt()
    }
    take(incoming, body)
    for (let next = early.get(incoming.expected); next !== undefined; next = early.get(incoming.expected)) {
      early.delete(incoming.expected)
      take(incoming, next)
    }
  }

  function take(from: NonNullable<typeof incoming>, body: string) {
    from.expected++
    if (++unreceipted >= limits.lineAckEvery) receipt()
    else stopReceipt ??= after(limits.lineAckMs, receipt)
    deliver(body)
  }

  return {
    send(body: string, whole = body) {
      if (out.unacked.length >= limits.lineUnacked) broken(breakOff())
      const message = { seq: out.next++, body, whole }
      out.unacked.push(message)
      transmit(message)
      retryLater()
    },

    receive(frame: LineFrame) {
      if (frame.kind === 'message') return takeMessage(frame)
      if (frame.epoch !== out.epoch) return
      if (frame.kind === 'unknown') {
        broken(breakOff())
        return
      }
      const first = out.unacked[0]?.seq ?? out.next
      const taken = frame.upTo - first + 1
      if (taken <= 0) return
      out.unacked.splice(0, taken)
      retryMs = limits.lineRetryMs
      stopRetry?.()
      stopRetry = undefined
      if (out.unacked.length > 0) retryLater()
    },

    /** What waits for the other side's receipt. */
    waiting: () => out.unacked.length,

    /** Gives the other side up; returns the epochs of it that are over, and what has no receipt. */
    close() {
      const lost = breakOff()
      return { over: overUpTo, lost }
    },
  }
}
