import type { CallOutcome, CreateUserBody, ExportView, PhoneNumber, UserId } from '@switchboard/protocol'

export interface User {
  readonly id: UserId
  readonly phoneNumber: PhoneNumber
  readonly email: string
  readonly firstname: string
  readonly lastname: string
}

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}
export interface PageRequest {
  readonly limit: number
  readonly cursor: string | undefined
}

export interface PastCall {
  readonly callId: string
  readonly direction: 'outgoing' | 'incoming'
  readonly peer: string | null
  readonly startedAt: Date
  readonly answeredAt: Date | null
  readonly endedAt: Date | null
  readonly outcome: CallOutcome | null
}

/** What signaling must know of a user while one of its devices is connected. */
export interface Profile {
  readonly userId: UserId
  readonly phoneNumber: PhoneNumber
}

/** Whom a number reaches, for one caller. */
export interface Reached {
  readonly userId: UserId
  /** The caller is not a contact of the callee. */
  readonly isStranger: boolean
  /** The two are not each other's contacts, and the profile or the callee wants no address told then. */
  readonly relayOnly: boolean
}

/** What a user lets strangers have. */
export interface Privacy {
  readonly relayOnlyForStrangers: boolean
  readonly callsFromContactsOnly: boolean
}

/** People, their numbers, contacts, blocks and past calls. Every "no" is a `Refusal`. */
export interface Directory {
  register(input: CreateUserBody): Promise<User>
  /** Refuses with `invalid_token` when the account is gone. */
  user(id: UserId): Promise<User>
  rename(id: UserId, change: { firstname?: string; lastname?: string }): Promise<User>
  changeNumber(id: UserId, written: string, password: string | undefined): Promise<User>
  /** Deletes the account and every trace of it. That it may is for who asks to know. */
  remove(id: UserId): Promise<void>
  /** Everything stored about the user, but for secrets. */
  export(id: UserId): Promise<ExportView>

  addContact(id: UserId, written: string): Promise<User>
  contacts(id: UserId, page: PageRequest): Promise<Page<User>>
  deleteContact(id: UserId, written: string): Promise<void>
  /** Contacts that have this user as a contact too. */
  mutualContacts(id: UserId): Promise<readonly User[]>

  block(id: UserId, written: string): Promise<void>
  unblock(id: UserId, written: string): Promise<void>
  blocked(id: UserId): Promise<readonly PhoneNumber[]>

  history(id: UserId, page: PageRequest): Promise<Page<PastCall>>

  /** Undefined when the account is gone or disabled. */
  profile(id: UserId): Promise<Profile | undefined>
  /** Undefined when nobody answers to the number, or not for this caller: blocked, or strangers are not admitted. */
  locate(callerId: UserId, number: PhoneNumber): Promise<Reached | undefined>

  privacy(id: UserId): Promise<Privacy>
  changePrivacy(id: UserId, change: Partial<Privacy>): Promise<Privacy>
}

/** Who is connected, by signaling. */
export interface Presence {
  standing(userId: UserId): Promise<{ readonly reachable: boolean; readonly inCall: boolean }>
}
