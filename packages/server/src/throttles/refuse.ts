import type { UserId } from '@switchboard/protocol'
import type { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import type { AddressKey } from './addresses.js'

/** The limits by name. */
export type Limit = keyof typeof limits.rates

/** Makes the refusal that a client is told, and counts it. */
export type Refuse = (
  limit: Limit,
  code: 'too_many_attempts' | 'rate_limited',
  waitMs: number,
  more?: { readonly detail?: string; readonly who?: Refused },
) => Refusal

/** Who was refused, as far as the limit counts by it. Personal: never for a log, a label or a table. */
export interface Refused {
  readonly address?: AddressKey
  readonly userId?: UserId
}

/** Told of every refusal: for metrics, and the panel. */
export type OnRefused = (limit: Limit, who?: Refused) => void

export const createRefuse =
  (onRefused: OnRefused): Refuse =>
  (limit, code, waitMs, { detail, who } = {}) => {
    onRefused(limit, who)
    return new Refusal(code, detail, { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) })
  }
