/** Where something is kept back until the turn ends. */
export interface Corked {
  flush(): void
}

/**
 * One write per destination and turn of the event loop: what is sent to a socket is kept back until all that had come
 * was read. To write costs more than all the rest of passing a message on, and nothing less for a small one.
 */
export function createCorks() {
  let corked: Corked[] = []

  function uncorkAll() {
    const all = corked
    corked = []
    for (const each of all) each.flush()
  }

  return {
    /** Flushes it when the turn ends. */
    cork(one: Corked) {
      // Runs after everything that could be read in this turn, and before the loop waits for more.
      if (corked.push(one) === 1) setImmediate(uncorkAll)
    },
  }
}

export type Corks = ReturnType<typeof createCorks>
