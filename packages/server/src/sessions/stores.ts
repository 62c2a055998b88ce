import type { LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Queryable } from '../storage/database.js'
import type { AccountEvent } from './account-events.js'

/** An account as logging in and changing its password need it. */
export interface Account {
  readonly userId: UserId
  readonly email: string
  readonly phoneNumber: string
  readonly firstname: string
  readonly lastname: string
  readonly passwordHash: string
}

/** Disabled and deleted accounts are not found. */
export interface Credentials {
  byEmail(db: Queryable, emailKey: string): Promise<Account | undefined>
  byUser(db: Queryable, userId: UserId): Promise<Account | undefined>
  /** Puts the hash in place of `replaces`, if that still stands; false otherwise. Holds the account's row until the end. */
  replaceHash(tx: Queryable, userId: UserId, hash: string, replaces: string | undefined): Promise<boolean>
  /** False when there is no such account, or it is so already. */
  setDisabled(tx: Queryable, userId: UserId, at: Date | null): Promise<boolean>
}

export interface LoginState {
  readonly userId: UserId
  /** The user's number as the login was read. */
  readonly phoneNumber: PhoneNumber
  readonly expiresAt: Date
  /** Of its tokens those of this generation count, and the kept one. */
  readonly generation: number
  readonly keptToken: string | null
}

export interface NewLogin {
  readonly loginId: LoginId
  readonly userId: UserId
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface Logins {
  /** Begins a login, unless the password is another one by now or the account is disabled; false then. */
  begin(db: Queryable, login: NewLogin, passwordHash: string): Promise<boolean>
  /** Without those that have ended or expired, or whose account is disabled or gone. */
  find(db: Queryable, loginIds: readonly LoginId[], now: Date): Promise<ReadonlyMap<LoginId, LoginState>>
  /** Moves the end of a living login on and tells the generation for its next token; undefined when it does not live. */
  extend(db: Queryable, loginId: LoginId, now: Date, expiresAt: Date): Promise<number | undefined>
  /** False when it had ended already. */
  end(tx: Queryable, loginId: LoginId, now: Date): Promise<boolean>
  /** Ends the logins of a user, but for `except`; tells which. Expired ones too: a socket may still be open by one. */
  endAll(tx: Queryable, userId: UserId, now: Date, except?: LoginId): Promise<readonly LoginId[]>
  /** Of the login's tokens leaves only this one. */
  keepToken(tx: Queryable, loginId: LoginId, tokenId: string): Promise<void>
  /** Deletes what ended or expired before. */
  prune(db: Queryable, userId: UserId, before: Date): Promise<void>
}

export interface NewReset {
  readonly resetId: string
  readonly userId: UserId
  readonly codeHash: Buffer
  readonly createdAt: Date
  readonly codeExpiresAt: Date
}

export interface PasswordResets {
  /** Holds the account's row until the end, so that of two codes made at once one is the newer. */
  lockAccount(tx: Queryable, userId: UserId): Promise<void>
  /** Kills the older codes of the user; what is older than `pruneBefore` is deleted. */
  supersede(tx: Queryable, userId: UserId, now: Date, pruneBefore: Date): Promise<void>
  insert(tx: Queryable, reset: NewReset): Promise<void>
  /** Counts an attempt at the user's living code, and only then shows what to compare with. */
  countAttempt(
    db: Queryable,
    emailKey: string,
    now: Date,
    attempts: number,
  ): Promise<{ resetId: string; userId: UserId; codeHash: Buffer } | undefined>
  /** Spends the code; false when somebody else did, or it is dead. */
  useCode(db: Queryable, resetId: string, now: Date, tokenExpiresAt: Date): Promise<boolean>
  /** The account of a token that is not spent. */
  accountOfToken(
    db: Queryable,
    resetId: string,
    now: Date,
  ): Promise<{ userId: UserId; emailKey: string } | undefined>
  /** Spends the token; false when somebody else did, or it is dead. */
  useToken(tx: Queryable, resetId: string, now: Date): Promise<boolean>
  /** Kills every code and token of the user. */
  voidAll(tx: Queryable, userId: UserId, now: Date): Promise<void>
}

export interface FeedEntry {
  readonly id: string
  readonly event: AccountEvent
}

export interface AccountFeed {
  insert(tx: Queryable, entries: readonly FeedEntry[]): Promise<void>
  /** Entries that are at most this old, oldest first. */
  recent(db: Queryable, ageMs: number): Promise<readonly FeedEntry[]>
  prune(db: Queryable, olderThanMs: number): Promise<void>
}

export interface SessionStores {
  readonly credentials: Credentials
  readonly logins: Logins
  readonly resets: PasswordResets
}
