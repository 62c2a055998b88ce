import type { UserId } from '@switchboard/protocol'
import type { UserDevice } from '@switchboard/protocol/admin'
import type { CallsUsed } from '../../throttles/throttles.js'

/** A user as an administrator sees it. */
export interface FoundUser {
  readonly id: UserId
  readonly firstname: string
  readonly lastname: string
  readonly phoneNumber: string
  readonly email: string
  readonly createdAt: Date
  readonly disabledAt: Date | null
}

export interface LivingLogin {
  readonly id: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface UserPage {
  /** Every one of them is in the name, the number or the mail; one or two characters at the beginning of a word. */
  readonly words: readonly string[]
  readonly before: string | undefined
  readonly most: number
}

export interface UsersFound {
  readonly users: readonly FoundUser[]
  /** The user to go on below; null: that was all. A page that is not full may have more after it. */
  readonly next: string | null
}

/** What the panel asks of users. */
export interface UserFinder {
  /** The newest first. */
  page(page: UserPage): Promise<UsersFound>
  byId(id: UserId): Promise<FoundUser | undefined>
  logins(id: UserId, now: Date, most: number): Promise<readonly LivingLogin[]>
  counts(id: UserId): Promise<{ readonly contacts: number; readonly blocked: number }>
}

/** What the nodes know of a user who has devices, or is at home at one. */
export interface UserStanding {
  readonly devices: readonly UserDevice[]
  readonly used: CallsUsed
}
