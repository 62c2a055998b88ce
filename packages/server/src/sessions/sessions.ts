import type { UserId } from '@switchboard/protocol'
import type { JSONWebKeySet } from 'jose'
import type { Access, IssuedToken } from './access.js'

/** What a password must not be, besides common: words of its owner. */
export interface PasswordContext {
  readonly email: string
  readonly phoneNumber: string
  readonly firstname: string
  readonly lastname: string
}

/** Logins, tokens, passwords and their recovery. Every "no" is a `Refusal`. */
export interface Sessions {
  /** Refuses with `invalid_credentials`, the same for an unknown email and a wrong password, in the same time. */
  login(email: string, password: string): Promise<IssuedToken>
  /** Verifies an access token: signature, purpose, expiry, and that its login lives. Refuses with `invalid_token`. */
  access(token: string): Promise<Access>
  /** A new token for the same login, whose end moves on. */
  renew(access: Access): Promise<IssuedToken>
  logout(access: Access): Promise<void>
  logoutEverywhere(userId: UserId): Promise<void>
  /** Refuses with `invalid_credentials` or `weak_password`; ends every other login. */
  changePassword(access: Access, current: string, next: string): Promise<void>
  /** Refuses with `invalid_credentials` when this is not the user's password. */
  confirmPassword(userId: UserId, password: string): Promise<void>
  /** Judges and hashes a new password. Refuses with `weak_password`. */
  hashNewPassword(password: string, context: PasswordContext): Promise<string>
  /** Queues the mail with a code, if there is such an account; takes the same time if not. */
  requestReset(email: string): Promise<void>
  /** Refuses with `invalid_code`, whatever is wrong. */
  verifyResetCode(email: string, code: string): Promise<IssuedToken>
  /** Refuses with `invalid_token`, `wrong_account` or `weak_password`; ends every login of the account. */
  resetPassword(resetToken: string, email: string, password: string): Promise<void>
  /** Public keys of the tokens, for `/.well-known/jwks.json`. */
  jwks(): JSONWebKeySet
}
