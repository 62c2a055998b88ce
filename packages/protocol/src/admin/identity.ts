import type { SecondFactor } from './errors.js'

/** Each may what the one before may, and more. */
export const roles = ['viewer', 'operator', 'owner'] as const
export type Role = (typeof roles)[number]

export interface AdministratorView {
  readonly id: string
  readonly name: string
  readonly role: Role
}

/** `GET /api/session` */
export interface SessionView {
  readonly administrator: AdministratorView
  /** For the header `X-CSRF-Token` of everything that is no GET. */
  readonly csrfToken: string
  /** With `second_factor_setup` only what sets one up is answered. */
  readonly needs: 'nothing' | 'second_factor_setup'
  readonly secondFactors: {
    readonly totp: boolean
    readonly recoveryCodesLeft: number
    readonly passkeys: readonly PasskeyView[]
  }
  /** At the latest; without requests it ends after half an hour. */
  readonly expiresAt: string
  readonly version: string
  /** The product's name, for titles. */
  readonly brand: string
}

export interface PasskeyView {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly lastUsedAt: string | null
}

/** What every step of signing in answers. */
export interface SignInView {
  readonly next: 'done' | 'second_factor'
  readonly methods: readonly SecondFactor[]
}

/** `POST /api/own/totp`: shown once, in force only when a code of it was confirmed. */
export interface TotpView {
  /** Base32, for typing. */
  readonly secret: string
  readonly uri: string
  readonly qrSvg: string
}

export interface RecoveryCodesView {
  readonly recoveryCodes: readonly string[]
}

/** `GET /api/administrators` */
export interface AdministratorsView {
  readonly administrators: readonly AdministratorRow[]
}

export interface AdministratorRow extends AdministratorView {
  readonly isDisabled: boolean
  readonly hasSecondFactor: boolean
  readonly createdAt: string
  readonly lastSignInAt: string | null
  /** Has no password yet. */
  readonly isInvited: boolean
}

/** A link to hand over: `/invitation#TOKEN` on this server. */
export interface InvitationView {
  readonly id: string
  readonly invitation: string
  readonly expiresAt: string
}

/** `GET /api/audit`, the newest first. */
export interface AuditView {
  readonly entries: readonly AuditEntry[]
  readonly next: string | null
}

export interface AuditEntry {
  readonly id: string
  readonly at: string
  /** Null: nobody was signed in, and no such name is known. */
  readonly administrator: { readonly id: string; readonly name: string } | null
  readonly act: string
  readonly subject: { readonly kind: string; readonly id: string } | null
  /** `refused` has the code of a refusal. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
  readonly address: string | null
}
