import type { SignalErrorCode } from '../errors.js'

/** One message as it is written, and when. */
export interface MessageExample {
  readonly title: string
  readonly message: Readonly<Record<string, unknown>>
}

/** What there is to say of a message beside its schema. */
export interface MessageReference {
  /** A few words. */
  readonly title: string
  /** Sentences of Markdown. */
  readonly meaning: string
  /** When the server refuses it; a message of the server has none. */
  readonly failures: Partial<Record<SignalErrorCode, string>>
  /** By a name of their own; a test sends those of the client and awaits those of the server. */
  readonly examples: Readonly<Record<string, MessageExample>>
}
