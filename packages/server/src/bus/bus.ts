import type { BusState } from '@switchboard/protocol'

/** Where a message goes: ids joined by dots, never anything that a client typed. */
export type Subject = string

/** Nobody is subscribed there. An answer, not a failure. */
export class NoResponders extends Error {
  constructor() {
    super('nobody is subscribed')
    this.name = 'NoResponders'
  }
}

/** Somebody may be there, but no reply came in time, or the bus itself is away. */
export class BusTimeout extends Error {
  constructor() {
    super('no reply in time')
    this.name = 'BusTimeout'
  }
}

export interface Received {
  readonly data: string
  /** Answers a request; does nothing for what was published. */
  reply(data: string): void
}

export interface Subscription {
  /** Resolves once what others send from then on arrives here. */
  readonly ready: Promise<void>
  unsubscribe(): void
}

/**
 * The same messages inside one process or between many nodes. Delivery is at most once, in order from one node to
 * one subject while the bus is there; whatever must not be lost has a line (cluster/line.ts) on top.
 */
export interface Bus {
  /** Nobody else can ever be on it: no one needs to be asked. */
  readonly alone: boolean
  isConnected(): boolean
  /** Called at every change. */
  onConnection(listener: (isConnected: boolean) => void): void
  publish(subject: Subject, data: string): void
  /** The first reply; rejects with NoResponders or BusTimeout. */
  request(subject: Subject, data: string, timeoutMs: number): Promise<string>
  subscribe(subject: Subject, listener: (message: Received) => void): Subscription
  close(): Promise<void>
}

/** How it stands with the bus, for those who look on from outside. */
export const busStateOf = (bus: Pick<Bus, 'alone' | 'isConnected'>): BusState =>
  bus.alone ? 'none' : bus.isConnected() ? 'connected' : 'away'
