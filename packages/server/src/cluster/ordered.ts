/** Takes numbered steps in order, whatever way each came; a number that was taken before is dropped. */
export function createOrdered(first = 1) {
  let next = first
  const early = new Map<number, () => void>()
  let stuckAt: number | undefined

  function drain() {
    for (let step = early.get(next); step; step = early.get(next)) {
      early.delete(next++)
      step()
    }
  }

  return {
    take(n: number, step: () => void) {
      if (n < next) return
      early.set(n, step)
      drain()
    },

    next: () => next,

    /** Whether something came that has to wait for what is not there yet. */
    isWaiting: () => early.size > 0,

    /** Called now and then: what has been missing since the last time was lost with the node it went by. */
    skipLost() {
      if (early.size === 0 || stuckAt !== next) {
        stuckAt = early.size === 0 ? undefined : next
        return
      }
      next = Math.min(...early.keys())
      drain()
    },
  }
}

export type Ordered = ReturnType<typeof createOrdered>
