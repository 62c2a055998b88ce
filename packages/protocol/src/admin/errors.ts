import type { ErrorCode } from '../errors.js'

/** How the panel's server says no, beside the codes that it shares with everything else: one closed list. */
export const adminErrors = {
  passkey_refused: { status: 400, title: 'The passkey was not accepted' },
  not_signed_in: { status: 401, title: 'Sign in' },
  wrong_password: { status: 403, title: 'The password is not right' },
  role_too_low: { status: 403, title: 'Your role does not allow this' },
  second_factor_needed: { status: 403, title: 'Set up a second factor first' },
  csrf_refused: { status: 403, title: 'The request does not come from the panel' },
  administrator_not_found: { status: 404, title: 'No such administrator' },
  name_taken: { status: 409, title: 'Another administrator has this name' },
  user_disabled: { status: 409, title: 'The account is disabled' },
  last_owner: { status: 409, title: 'The last owner stays one' },
  not_begun: { status: 409, title: 'This was not begun, or too long ago' },
  link_spent: { status: 410, title: 'This link is used up or too old' },
} as const satisfies Record<string, { status: number; title: string }>

export type AdminErrorCode = keyof typeof adminErrors | ErrorCode

/** The problem document of the panel's server (RFC 9457). */
export interface AdminProblem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: AdminErrorCode
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  /** With 401: what to do next, and by which of the second factors. */
  readonly next?: NextStep
  readonly methods?: readonly SecondFactor[]
}

export type SecondFactor = 'totp' | 'passkey' | 'recovery_code'
export type NextStep = 'sign_in' | 'second_factor' | 'first_administrator'
