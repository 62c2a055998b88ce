import type { PhoneNumber, UserId } from '@switchboard/protocol'
import type { Queryable } from '../storage/database.js'
import type { AddressKey } from './addresses.js'
import type { Spent } from './rate.js'
import type { SocketBudget } from './socket-budget.js'
import type { SocketSeat } from './socket-seats.js'

export type CallsUsed = Readonly<Record<'calls' | 'strangerCalls', number>>
export type AccountUsed = Readonly<
  Record<'lookups' | 'turnCredentials' | 'resetMails' | 'resetCodes', number>
>

/** What a user's calls have spent of the limits. Times are since the moment it was given away. */
export interface SpentCalls {
  readonly placed: Spent | undefined
  readonly pairs: readonly (readonly [PhoneNumber, Spent])[]
  /** By strangers who called them. */
  readonly taken: Spent | undefined
}

/**
 * Everything that is limited by how often, in the words of who asks (contract section 4).
 *
 * What returns a promise is counted by the database: about accounts, it holds across nodes and restarts; and it fails
 * closed, for when the database is away the promise is rejected (`DatabaseUnavailable`). What answers at once is counted
 * by this process: it is asked for every request, frame or call, and goes on without the database.
 *
 * What REST asks throws the `Refusal` to answer with, `Retry-After` included; what signaling asks says no by value.
 */
export interface Throttles {
  /** Runs a proof of an account's password, which refuses with `invalid_credentials` when it is wrong. */
  login<T>(emailKey: string, address: AddressKey, prove: () => Promise<T>): Promise<T>
  /** Wrong passwords so far do not count: the password was reset, or the account is gone. */
  forgetFailedLogins(emailKey: string, tx?: Queryable): Promise<void>
  /** Runs a registration; one that told nothing of who is registered already is not counted. */
  registration<T>(emailKey: string, address: AddressKey, register: () => Promise<T>): Promise<T>
  /** Before a reset mail is queued, account or not. */
  resetMail(emailKey: string, address: AddressKey): Promise<void>
  /** Before a reset code is looked at, account or not. False: whatever it is, it is wrong. */
  resetCode(emailKey: string): Promise<boolean>
  /** Before a number is looked up for an answer that tells whether somebody has it. */
  lookup(userId: UserId): Promise<void>
  /** Before a user is given credentials for the relay on demand. */
  turnCredentials(userId: UserId): Promise<void>
  /** Every REST request, before anything of it is read. */
  request(address: AddressKey): void
  /** Before a new call is placed: by its caller, and by its caller to that number. */
  call(callerId: UserId, number: PhoneNumber): boolean
  /** Before a call rings somebody whose contact the caller is not. */
  strangerCall(receiverId: UserId): boolean
  /** What is counted of a user's calls, for the node that is their home from now on; nothing of it counts here any more. */
  giveCalls(userId: UserId): SpentCalls
  /** Counts from there on. */
  takeCalls(userId: UserId, spent: SpentCalls): void
  /** How much of the limits on calls a user who is at home here has used up, from 0 to 1. */
  callsUsed(userId: UserId): CallsUsed
  /** The same of the limits that the database counts. */
  accountUsed(userId: UserId, emailKey: string): Promise<AccountUsed>
  /** Before a socket is taken; undefined: its address has too many. */
  openSocket(address: AddressKey): SocketSeat | undefined
  /** For a socket that was taken. */
  socketBudget(): SocketBudget
  stop(): Promise<void>
}
