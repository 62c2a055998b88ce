import type { LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Queryable } from '../storage/database.js'

/** What every node must know of an account within a second, because it holds sockets or remembered tokens of it. */
export type AccountEvent =
  | {
      readonly kind: 'logins_ended'
      readonly userId: UserId
      /** Undefined: every login of the user but `exceptLogin`. */
      readonly loginId?: LoginId
      readonly exceptLogin?: LoginId
      readonly reason: 'logout' | 'password_changed' | 'disabled' | 'deleted'
    }
  /** Number, name or blocks are other ones now; the number is said where it is known, so that nobody has to look. */
  | { readonly kind: 'profile_changed'; readonly userId: UserId; readonly phoneNumber?: PhoneNumber }

export interface AccountEvents {
  /** Records the event for the other nodes within the transaction of the change itself. */
  record(tx: Queryable, event: AccountEvent): Promise<void>
  /** Tells this process at once; call it when that transaction is committed. */
  announce(event: AccountEvent): void
  /** Hears every event, of this process and of others, once. Returns how to stop. */
  subscribe(listener: (event: AccountEvent) => void): () => void
}
