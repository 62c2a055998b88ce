import type { LoginId, UserId } from '@switchboard/protocol'
import type { Whose } from './act.js'
import type { Home, Welcome } from './home.js'
import type { PackedSession } from './session.js'

/** Finds where it is decided about a user. */
export interface Homes {
  /** Of a user with a device here. */
  of(userId: UserId): Home
  /** Finds it, or makes it here. */
  find(userId: UserId): Promise<void> | undefined
  /** Brings a session here that was on another node, as `Home.resume` does with one that is here. */
  move(whose: Whose, login: LoginId, answer: (moved: Moved | 'refused' | 'lost') => void): void
  /** A session is not here any more; `isLast`: nor is any other of its user. */
  left(session: Whose, isLast: boolean): void
}

export interface Moved {
  readonly session: PackedSession
  readonly welcome: Welcome
}
