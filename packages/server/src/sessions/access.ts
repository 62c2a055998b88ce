import type { LoginId, PhoneNumber, UserId } from '@switchboard/protocol'

/** What a valid access token says: who, by which login. */
export interface Access {
  readonly userId: UserId
  readonly loginId: LoginId
  /** The token itself, by its `jti`: a change of password leaves this one alive and no other. */
  readonly tokenId?: string
  /** When the token ends. */
  readonly expiresAt?: Date
  /** The user's number, where it was read this very moment; undefined where the login was remembered. */
  readonly phoneNumber?: PhoneNumber | undefined
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
}
