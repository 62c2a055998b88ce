import type { AdministratorView, SecondFactor } from '@switchboard/protocol/admin'

/** A session that a cookie names. */
export interface AdminSession {
  readonly administrator: AdministratorView
  /** The second factor is yet to come: by one of these. */
  readonly awaits: readonly SecondFactor[] | undefined
  readonly needs: 'nothing' | 'second_factor_setup'
  readonly csrfToken: string
  readonly expiresAt: Date
}

/** What the guard asks of identity. */
export interface Sessions {
  /** Undefined: none, ended, or its administrator is disabled. Counts as a sign of life. */
  find(token: string): Promise<AdminSession | undefined>
  /** Whether there is no administrator at all yet. */
  isNew(): Promise<boolean>
}

/** How the one who asks came in; for the routes that begin and end sessions. */
export interface Entered {
  readonly session: AdminSession | undefined
  /** Of the cookie. */
  readonly token: string | undefined
  /** Of the page: `https://admin.example.org`. */
  readonly origin: string
  /** Puts the token of a session into the cookie; undefined takes it out. */
  setToken(token: string | undefined): void
}
