import type { Account, DialectName } from '../load/dialects.js'

/** Process ids; of the database and the bus whatever they start belongs to them. */
export interface Processes {
  readonly server: readonly number[]
  readonly database: readonly number[]
  readonly bus: readonly number[]
}

/** A running server under test, ours or another's. */
export interface System {
  readonly name: string
  readonly dialect: DialectName
  /** Where sockets connect to; one port a node. */
  readonly ports: readonly number[]
  readonly processes: Processes
  /** That many accounts who may connect, with tokens that it has not seen yet. */
  accounts(count: number): Promise<Account[]>
  /** Collects garbage, where it was started so that it can be told to. */
  collect(): Promise<void>
  stop(): Promise<void>
}
