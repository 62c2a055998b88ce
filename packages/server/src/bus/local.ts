import { type Bus, BusTimeout, NoResponders, type Received, type Subject } from './bus.js'

/** One process is the whole system: nobody else is ever on the bus. */
export const aloneBus = (): Bus => ({ ...createLocalHub().join(), alone: true })

type Listener = (message: Received) => void

/** Buses of one process that reach each other: for tests, and for one node alone. */
export function createLocalHub() {
  const subjects = new Map<Subject, Set<Listener>>()

  function deliver(subject: Subject, data: string, reply: Received['reply']) {
    for (const listener of [...(subjects.get(subject) ?? [])]) {
      queueMicrotask(() => {
        if (subjects.get(subject)?.has(listener)) listener({ data, reply })
      })
    }
  }

  function subscribe(subject: Subject, listener: Listener) {
    // A listener of its own, so that the same function may be subscribed twice.
    const own: Listener = message => listener(message)
    const listeners = subjects.get(subject) ?? new Set()
    subjects.set(subject, listeners.add(own))
    const unsubscribe = () => {
      listeners.delete(own)
      if (listeners.size === 0 && subjects.get(subject) === listeners) subjects.delete(subject)
    }
    return { ready: Promise.resolve(), unsubscribe }
  }

  return {
    join(): Bus {
      const owned = new Set<() => void>()
      return {
        alone: false,
        isConnected: () => true,
        onConnection: () => undefined,
        publish: (subject, data) => deliver(subject, data, () => undefined),
        request: (subject, data, timeoutMs) =>
          new Promise((resolve, reject) => {
            if (!subjects.has(subject)) return reject(new NoResponders())
            const timer = setTimeout(() => reject(new BusTimeout()), timeoutMs)
            deliver(subject, data, reply => {
              clearTimeout(timer)
              resolve(reply)
            })
          }),
        subscribe(subject, listener) {
          const { ready, unsubscribe } = subscribe(subject, listener)
          owned.add(unsubscribe)
          return {
            ready,
            unsubscribe() {
              owned.delete(unsubscribe)
              unsubscribe()
            },
          }
        },
        async close() {
          for (const unsubscribe of owned) unsubscribe()
          owned.clear()
        },
      }
    },
  }
}
