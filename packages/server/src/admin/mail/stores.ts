import type { MailState } from '@switchboard/protocol/admin'

export interface QueuedMail {
  readonly id: string
  readonly kind: string
  readonly userId: string | null
  readonly state: MailState
  readonly attempts: number
  readonly nextAt: Date
  readonly createdAt: Date
}

/** What the panel asks of the mail queue: never to whom a mail goes, nor what it says. */
export interface MailQueue {
  page(page: {
    readonly state: MailState | undefined
    readonly before: string | undefined
    readonly most: number
  }): Promise<readonly QueuedMail[]>
  kindOf(id: string): Promise<string | undefined>
  /** Due at once, as if it were new; one that is being sent right now is left alone. */
  again(id: string, now: Date, giveUpAt: Date): Promise<void>
}
