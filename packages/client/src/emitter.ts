export type Listener<Args extends readonly unknown[]> = (...args: Args) => void

type Table<Events> = Record<keyof Events, readonly unknown[]>

/** Who listens to what. `on` and `once` give back what takes the listener away again. */
export interface Listening<Events extends Table<Events>> {
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void
  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void
  off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void
}

export interface Emitter<Events extends Table<Events>> extends Listening<Events> {
  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void
  /** Whether anybody would hear it. */
  hears(name: keyof Events): boolean
}

/** A listener that throws fails alone: the others hear the event, and the error is thrown where nobody can swallow it. */
export function createEmitter<Events extends Table<Events>>(): Emitter<Events> {
  const listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {}

  function off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>) {
    listeners[name]?.delete(listener)
  }
  function on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>) {
    const those = listeners[name] ?? new Set()
    listeners[name] = those.add(listener)
    return () => off(name, listener)
  }
  return {
    on,
    off,
    once(name, listener) {
      const stop = on(name, (...args) => {
        stop()
        listener(...args)
      })
      return stop
    },
    emit(name, ...args) {
      for (const listener of [...(listeners[name] ?? [])]) {
        try {
          listener(...args)
        } catch (error) {
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
    hears: name => (listeners[name]?.size ?? 0) > 0,
  }
}
