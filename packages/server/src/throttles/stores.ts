import type { Queryable } from '../storage/database.js'
import type { Rate } from './rate.js'

/** One that was let through: what it takes to give it back. */
export interface Taken {
  readonly stamp: number
}

/** Limits that hold across nodes and restarts. Keys are hashes already. */
export interface RateStore {
  /** Counts one, if the rate lets it through; otherwise counts nothing and tells the milliseconds to wait. */
  take(key: Buffer, rate: Rate): Promise<{ readonly taken: Taken } | { readonly waitMs: number }>
  /** How much of the rate this key has used up, from 0 to 1. */
  used(key: Buffer, rate: Rate): Promise<number>
  /** Uncounts it. */
  giveBack(key: Buffer, rate: Rate, taken: Taken): Promise<void>
  /** Deletes what has recovered. */
  prune(): Promise<void>
}

/** How wrong passwords slow an account down: the wait after the first, the second and so on; the last one stays. */
export interface FailureRule {
  readonly delaysMs: readonly number[]
  readonly inARow: number
}

/** An account, and an address that somebody tries it from. Hashes both. */
export interface Login {
  readonly account: Buffer
  readonly address: Buffer
}

/** An attempt counted before its password is looked at: the delays that it began. */
export interface Reservation {
  readonly nextAt: string
  /** Of the address, if the account's owner has logged in from there before. */
  readonly familiarNextAt: string | undefined
}

export type Reserved =
  | { readonly reservation: Reservation }
  | { readonly waitMs: number; readonly isLocked: boolean }

/** Wrong passwords in a row, across nodes and restarts. */
export interface FailedLogins {
  reserve(login: Login, rule: FailureRule): Promise<Reserved>
  /** The attempt was none: its password was never looked at. */
  giveBack(login: Login, reservation: Reservation): Promise<void>
  /** The password was right: begins anew, and remembers the address as familiar. */
  succeeded(login: Login): Promise<void>
  /** Begins anew and knows no address; within a transaction, if one is given. */
  forget(account: Buffer, tx?: Queryable): Promise<void>
  /** Deletes what nobody has touched for that long, but for locked accounts. */
  prune(olderThanMs: number, inARow: number): Promise<void>
}
