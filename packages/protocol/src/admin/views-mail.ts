/** `GET /api/mail?state=&cursor=`, the newest first. What was sent is gone, and not among them. */
export interface MailView {
  readonly mails: readonly MailRow[]
  readonly next: string | null
}

/** Kept: there is no mail server to send it by. Failed: given up. */
export const mailStates = ['waiting', 'kept', 'failed'] as const
export type MailState = (typeof mailStates)[number]

export interface MailRow {
  readonly id: string
  readonly kind: string
  /** Null: nobody has that address. The address itself is shown nowhere. */
  readonly userId: string | null
  readonly state: MailState
  readonly attempts: number
  /** When it is tried next, while it waits. */
  readonly nextAt: string | null
  readonly createdAt: string
}
