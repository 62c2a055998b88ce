import type { ExportView, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Queryable } from '../storage/database.js'
import type { PastCall, Privacy, Profile, Reached, User } from './directory.js'

export interface NewUser extends User {
  readonly emailKey: string
  readonly passwordHash: string
  readonly createdAt: Date
}

/** A user whose row nobody else changes until the transaction ends. */
export interface LockedUser extends User {
  readonly emailKey: string
}

export interface UserStore {
  /** False when the number or the email belongs to somebody. */
  insert(user: NewUser): Promise<boolean>
  byId(id: UserId): Promise<User | undefined>
  rename(id: UserId, change: { firstname?: string; lastname?: string }): Promise<User | undefined>
  lock(tx: Queryable, id: UserId): Promise<LockedUser | undefined>
  /** False when the number belongs to somebody: the transaction has failed then. */
  setNumber(tx: Queryable, id: UserId, number: PhoneNumber, at: Date): Promise<boolean>
}

/** Numbers that were released and rest before somebody else may have them (strict profile). */
export interface RestingNumberStore {
  /** Whether the number rests, for anybody but this user. */
  rests(number: PhoneNumber, at: Date, forUser: UserId | null): Promise<boolean>
  /** `by` may have the number back before its rest is over. */
  release(
    tx: Queryable,
    released: {
      readonly number: PhoneNumber
      readonly at: Date
      readonly until: Date
      readonly by: UserId | null
    },
  ): Promise<void>
}

/** A contact and its place in the owner's list. */
export interface ListedContact {
  readonly id: string
  readonly addedAt: Date
  readonly user: User
  /** Whether the user has the owner as a contact; true as well where nobody asked for it. */
  readonly mutual: boolean
}

export interface NewContact {
  readonly id: string
  readonly ownerId: UserId
  readonly number: PhoneNumber
  readonly createdAt: Date
  readonly atMost: number
  readonly askMutual: boolean
}

export type AddedContact =
  | { readonly outcome: 'added'; readonly contact: ListedContact }
  | { readonly outcome: 'unknown' | 'exists' | 'full' }

export interface ContactStore {
  /** Needs the owner's lock: the count would race otherwise. */
  add(tx: Queryable, contact: NewContact): Promise<AddedContact>
  /** In the order of adding. */
  page(ownerId: UserId, after: string, limit: number, askMutual: boolean): Promise<ListedContact[]>
  /** False when the user with this number is no contact. */
  remove(ownerId: UserId, number: PhoneNumber): Promise<boolean>
  mutual(ownerId: UserId): Promise<User[]>
}

export interface NewBlock {
  readonly ownerId: UserId
  readonly number: PhoneNumber
  readonly createdAt: Date
  readonly atMost: number
}

export interface BlockStore {
  /** Blocks the number and whoever has it; false when the list is full. Blocking twice is blocking once. */
  add(tx: Queryable, block: NewBlock): Promise<boolean>
  remove(tx: Queryable, ownerId: UserId, number: PhoneNumber): Promise<void>
  list(ownerId: UserId): Promise<{ number: PhoneNumber; createdAt: Date }[]>
}

export interface CallHistoryStore {
  /** Newest first, those before the call with this id. */
  page(userId: UserId, before: string, limit: number): Promise<PastCall[]>
  /** Steps of all calls of the user, in their order, that the user has witnessed or may have. */
  steps(userId: UserId): Promise<{ callId: string; at: Date; kind: string }[]>
}

export interface ProfileStore {
  byId(id: UserId): Promise<Profile | undefined>
  /** `strict`: only contacts may call, and strangers learn no address, whatever the callee has chosen. */
  locate(callerId: UserId, number: PhoneNumber, strict: boolean): Promise<Reached | undefined>
  privacy(id: UserId): Promise<Privacy | undefined>
  changePrivacy(id: UserId, change: Partial<Privacy>): Promise<Privacy | undefined>
}

/** What an account leaves in every table: taken out whole, or shown whole. */
export interface AccountStore {
  /**
   * Deletes the user and every trace of it, what limits count under keyed hashes included. The history of others keeps
   * the calls, without saying with whom.
   */
  erase(tx: Queryable, user: LockedUser): Promise<void>
  /** The parts of an export that no other store tells. */
  records(id: UserId): Promise<AccountRecords | undefined>
}

export type AccountRecords = Pick<
  ExportView,
  'former_numbers' | 'logins' | 'password_resets' | 'pending_mail'
> & {
  readonly createdAt: Date
}

export interface DirectoryStores {
  readonly users: UserStore
  readonly restingNumbers: RestingNumberStore
  readonly contacts: ContactStore
  readonly blocks: BlockStore
  readonly history: CallHistoryStore
  readonly profiles: ProfileStore
  readonly accounts: AccountStore
}
