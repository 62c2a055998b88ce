import type { Role } from '@switchboard/protocol/admin'
import type { Queryable } from '../storage/database.js'

/** What is kept of an administrator. */
export interface Administrator {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** Null: invited, and has not come yet. */
  readonly passwordHash: string | null
  readonly invitationExpiresAt: Date | null
  /** Sealed. */
  readonly totpSecret: Buffer | null
  /** Sealed as well: it was shown, and no code of it given yet. */
  readonly totpPending: Buffer | null
  readonly createdAt: Date
  readonly lastSignInAt: Date | null
  readonly disabledAt: Date | null
  readonly passkeys: number
  readonly recoveryCodes: number
}

export interface NewAdministrator {
  readonly id: string
  readonly name: string
  readonly nameKey: string
  readonly role: Role
  readonly passwordHash: string | null
  readonly invitation: Buffer | null
  readonly invitationExpiresAt: Date | null
  readonly createdAt: Date
}

/** Removed ones are nobody's business here. */
export interface AdministratorStore {
  isEmpty(db: Queryable): Promise<boolean>
  /** False: the name is taken; or, with `onlyFirst`, there is one already. */
  add(db: Queryable, administrator: NewAdministrator, onlyFirst: boolean): Promise<boolean>
  byId(db: Queryable, id: string): Promise<Administrator | undefined>
  byName(db: Queryable, nameKey: string): Promise<Administrator | undefined>
  byInvitation(db: Queryable, digest: Buffer, now: Date): Promise<Administrator | undefined>
  list(db: Queryable): Promise<readonly Administrator[]>
  /** Locks them, so that of two owners who lower each other one stays. */
  lockOwners(tx: Queryable): Promise<readonly string[]>
  setRole(tx: Queryable, id: string, role: Role): Promise<void>
  setDisabled(tx: Queryable, id: string, at: Date | null): Promise<void>
  remove(tx: Queryable, id: string, at: Date): Promise<void>
  /** False: another hash stands meanwhile. */
  setPassword(tx: Queryable, id: string, hash: string, replaces: string | null): Promise<boolean>
  /** False: the name is taken. */
  rename(tx: Queryable, id: string, name: string, nameKey: string): Promise<boolean>
  /** Takes password and second factors away, and lets in whoever has the link. */
  invite(tx: Queryable, id: string, digest: Buffer, expiresAt: Date): Promise<void>
  signedIn(db: Queryable, id: string, at: Date): Promise<void>
}

export interface SecondFactorStore {
  setPendingTotp(db: Queryable, id: string, sealed: Buffer): Promise<void>
  /** The one that is pending; null: none. */
  setTotp(tx: Queryable, id: string, sealed: Buffer | null): Promise<void>
  /** False: a code of this step or a later one was taken before. */
  takeStep(db: Queryable, id: string, step: number): Promise<boolean>
  setRecoveryCodes(tx: Queryable, id: string, hashes: readonly Buffer[]): Promise<void>
  takeRecoveryCode(db: Queryable, id: string, hash: Buffer): Promise<boolean>
  addPasskey(db: Queryable, passkey: Passkey): Promise<boolean>
  passkeys(db: Queryable, administratorId: string): Promise<readonly Passkey[]>
  passkeyOf(db: Queryable, credentialId: string): Promise<Passkey | undefined>
  usedPasskey(db: Queryable, id: string, counter: number, at: Date): Promise<void>
  removePasskey(tx: Queryable, administratorId: string, id: string): Promise<boolean>
  /** False: it was answered before. */
  takeChallenge(db: Queryable, hash: Buffer, expiresAt: Date, now: Date): Promise<boolean>
}

export interface Passkey {
  readonly id: string
  readonly administratorId: string
  readonly credentialId: string
  readonly publicKey: Buffer
  readonly counter: number
  readonly transports: readonly string[]
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

export interface SessionRow {
  readonly administrator: Administrator
  readonly awaitsSecondFactor: boolean
  readonly seenAt: Date
  readonly expiresAt: Date
}

export interface NewSession {
  readonly tokenHash: Buffer
  readonly administratorId: string
  readonly awaitsSecondFactor: boolean
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface AdminSessionStore {
  /** Also deletes what has ended, and the oldest beyond `most` of this administrator's. */
  begin(db: Queryable, session: NewSession, idleSince: Date, most: number): Promise<void>
  /** Of an administrator who is neither disabled nor removed, unless it has ended or was idle since. */
  find(db: Queryable, tokenHash: Buffer, now: Date, idleSince: Date): Promise<SessionRow | undefined>
  seen(db: Queryable, tokenHash: Buffer, at: Date): Promise<void>
  end(db: Queryable, tokenHash: Buffer): Promise<void>
  endAll(tx: Queryable, administratorId: string): Promise<void>
}

export interface AuditRow {
  readonly id: string
  readonly at: Date
  readonly administratorId: string | null
  readonly act: string
  readonly subjectKind: string | null
  readonly subjectId: string | null
  /** JSON. */
  readonly detail: string
  readonly address: string | null
}

export interface AuditQuery {
  readonly before: string | undefined
  readonly administratorId: string | undefined
  readonly act: string | undefined
  readonly most: number
}

/** Nothing in it changes or goes. */
export interface AuditStore {
  add(db: Queryable, row: AuditRow): Promise<void>
  /** The newest first. */
  page(
    db: Queryable,
    query: AuditQuery,
  ): Promise<readonly (AuditRow & { readonly administratorName: string | null })[]>
}

export interface IdentityStores {
  readonly administrators: AdministratorStore
  readonly factors: SecondFactorStore
  readonly sessions: AdminSessionStore
  readonly audit: AuditStore
}
