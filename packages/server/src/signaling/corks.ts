/**
 * One write per destination and turn of the event loop: what is sent to a socket is kept back until all that had come
 * was read. To write costs more than all the rest of passing a message on, and nothing less for a small one.
 */
export function createCorks() {
  let corked: (() => void)[] = []

  function uncorkAll() {
    const flushes = corked
    corked = []
    for (const flush of flushes) flush()
  }

  return {
    /** Has `flush` called when the turn ends. */
    cork(flush: () => void) {
      // Runs after everything that could be read in this turn, and before the loop waits for more.
      if (corked.push(flush) === 1) setImmediate(uncorkAll)
    },
  }
}

export type Corks = ReturnType<typeof createCorks>
