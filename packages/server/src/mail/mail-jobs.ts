import type { Queryable } from '../storage/database.js'

export const mailKinds = ['reset_code', 'password_changed', 'number_changed'] as const
export type MailKind = (typeof mailKinds)[number]
export type NoticeKind = Exclude<MailKind, 'reset_code'>

/** Queues a notice within the transaction of the change it tells of. */
export type Notify = (tx: Queryable, kind: NoticeKind, recipient: string) => Promise<void>

export interface NewMailJob {
  readonly id: string
  readonly kind: MailKind
  readonly recipient: string
  readonly recipientKey: string
  readonly createdAt: Date
  readonly nextAttemptAt: Date
  readonly giveUpAt: Date
}

export interface MailJob {
  readonly id: string
  readonly kind: MailKind
  readonly recipientKey: string
  /** This one counted. */
  readonly attempts: number
  readonly giveUpAt: Date
}

export interface KeptMail {
  readonly id: string
  readonly kind: MailKind
  readonly createdAt: Date
  readonly sealed: Buffer
}

/** Mail to be sent. A job that is sent is gone. */
export interface MailJobs {
  insert(db: Queryable, job: NewMailJob): Promise<void>
  /** Takes jobs that are due, so that no other worker has them until `until`. */
  claim(db: Queryable, now: Date, until: Date, atMost: number): Promise<readonly MailJob[]>
  retry(db: Queryable, id: string, at: Date): Promise<void>
  fail(db: Queryable, id: string): Promise<void>
  remove(db: Queryable, id: string): Promise<void>
  /** Removes what waits for the same and was asked for before: a fresh one has just gone out. */
  removeOlder(db: Queryable, job: MailJob): Promise<void>
  keep(db: Queryable, id: string, sealed: Buffer): Promise<void>
  /** Newest first. */
  kept(db: Queryable, atMost: number): Promise<readonly KeptMail[]>
  /** Deletes what was kept or given up on before. */
  prune(db: Queryable, before: Date): Promise<void>
}
