import type { limits } from '../limits.js'
import { Refusal } from '../refusal.js'

/** The limits by name. */
export type Limit = keyof typeof limits.rates

/** Makes the refusal that a client is told, and counts it. */
export type Refuse = (
  limit: Limit,
  code: 'too_many_attempts' | 'rate_limited',
  waitMs: number,
  detail?: string,
) => Refusal

/** Told of every refusal: for metrics. */
export type OnRefused = (limit: Limit) => void

export const createRefuse =
  (onRefused: OnRefused): Refuse =>
  (limit, code, waitMs, detail) => {
    onRefused(limit)
    return new Refusal(code, detail, { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) })
  }
