import { type ErrorCode, errors, type Problem } from '@switchboard/protocol'
import { limits } from './limits.js'

/** Who is told to come back is told when (RFC 9110 section 10.2.3): these statuses carry `Retry-After`, always. */
export const asksToComeBack = (status: number): boolean => status === 429 || status === 503

/**
 * A "no" that the client is told, with a code of the closed list. REST and WebSocket each have one translator for it;
 * anything else that is thrown is a fault of ours and shows as `internal`.
 */
export class Refusal extends Error {
  readonly code: ErrorCode
  /** Always there when the status asks to come back. */
  readonly retryAfterSeconds: number | undefined
  readonly faults: Problem['errors']

  constructor(
    code: ErrorCode,
    detail?: string,
    more: { retryAfterSeconds?: number; faults?: Problem['errors'] } = {},
  ) {
    super(detail ?? errors[code].title)
    this.name = 'Refusal'
    this.code = code
    this.retryAfterSeconds =
      more.retryAfterSeconds ?? (asksToComeBack(errors[code].status) ? limits.retrySeconds : undefined)
    this.faults = more.faults
  }
}
