/** The server that is tried, and what somebody said or found out about it. */
export interface Target {
  /** Where REST is; of several nodes every request takes the next. */
  readonly apis: readonly [string, ...string[]]
  /** Where WebSockets are; every socket takes the next. */
  readonly signals: readonly [string, ...string[]]
  /** Whether signaling has an address of its own beside `/signal` of the API's. */
  readonly hasOwnSignal: boolean
  /** An authority that vouches for it, as PEM. */
  readonly ca?: string
  readonly profile: Profile
  /** A random number that is valid there. */
  readonly freshNumber: () => string
  readonly plan: 'open' | 'e164'
  readonly ringTimeoutSeconds: number
  readonly resumeWindowSeconds: number
  /** Waits of more than ten seconds are had. */
  readonly slow: boolean
  /** Limits are tried, which keeps others at this address out for a while. */
  readonly limits: boolean
  /** Where mail to `{email}` can be read as text. */
  readonly mailboxUrl?: string
  /** How long a limit is waited for. */
  readonly patienceSeconds: number
}

export type Profile = 'standard' | 'strict'

/** What takes longer than this is for `--slow`. */
const longSeconds = 10

export const cannotWait = (seconds: number, target: Target) =>
  seconds > longSeconds && !target.slow ? `takes ${Math.round(seconds)} s: --slow` : undefined
