import type { LoginId, UserId } from '@switchboard/protocol'

/** What a valid access token says: who, by which login. */
export interface Access {
  readonly userId: UserId
  readonly loginId: LoginId
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
}
