import type { Duplex } from 'node:stream'

/**
 * One write per destination and turn of the event loop: what is sent to a socket is kept back until all that had come
 * was read. To write costs more than all the rest of passing a message on, and nothing less for a small one.
 */
export function createCorks() {
  const corked = new Set<Duplex>()

  function uncorkAll() {
    for (const socket of corked) socket.uncork()
    corked.clear()
  }

  return {
    /** Keeps back what is written to this socket until the turn ends. */
    cork(socket: Duplex) {
      if (corked.has(socket)) return
      // Runs after everything that could be read in this turn, and before the loop waits for more.
      if (corked.size === 0) setImmediate(uncorkAll)
      socket.cork()
      corked.add(socket)
    },

    /** Writes at once what was kept back. */
    uncork(socket: Duplex) {
      if (corked.delete(socket)) socket.uncork()
    },
  }
}

export type Corks = ReturnType<typeof createCorks>
