/** A sentence for each code, one for what nobody foresaw, and how long to wait. */
export interface ErrorTexts {
  readonly unknown: string
  readonly waitSeconds: (n: number) => string
  readonly waitMinutes: (n: number) => string
}

interface Told {
  readonly code?: unknown
  readonly retryAfterSeconds?: unknown
}

/** What went wrong, in words for whoever reads them. */
export function explain(error: unknown, { errors }: { readonly errors: ErrorTexts }): string {
  const { code, retryAfterSeconds } = (error ?? {}) as Told
  const text =
    typeof code === 'string' ? (errors as ErrorTexts & Readonly<Record<string, unknown>>)[code] : undefined
  const said = typeof text === 'string' ? text : errors.unknown
  if (typeof retryAfterSeconds !== 'number' || !Number.isFinite(retryAfterSeconds)) return said
  const wait =
    retryAfterSeconds <= 90
      ? errors.waitSeconds(Math.max(1, Math.ceil(retryAfterSeconds)))
      : errors.waitMinutes(Math.ceil(retryAfterSeconds / 60))
  return `${said} ${wait}`
}
