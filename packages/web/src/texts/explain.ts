import type { Texts } from './like.js'

interface Told {
  readonly code?: unknown
  readonly retryAfterSeconds?: unknown
}

/** What went wrong, in words for whoever uses the phone. */
export function explain(error: unknown, { errors }: Texts): string {
  const { code, retryAfterSeconds } = (error ?? {}) as Told
  const text = typeof code === 'string' ? (errors as Readonly<Record<string, unknown>>)[code] : undefined
  const said = typeof text === 'string' ? text : errors.unknown
  if (typeof retryAfterSeconds !== 'number' || !Number.isFinite(retryAfterSeconds)) return said
  const wait =
    retryAfterSeconds <= 90
      ? errors.waitSeconds(Math.max(1, Math.ceil(retryAfterSeconds)))
      : errors.waitMinutes(Math.ceil(retryAfterSeconds / 60))
  return `${said} ${wait}`
}
