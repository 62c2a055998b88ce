import { type ErrorCode, errors, type Problem } from '@switchboard/protocol'

/**
 * A "no" that the client is told, with a code of the closed list. REST and WebSocket each have one translator for it;
 * anything else that is thrown is a fault of ours and shows as `internal`.
 */
export class Refusal extends Error {
  readonly code: ErrorCode
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
    this.retryAfterSeconds = more.retryAfterSeconds
    this.faults = more.faults
  }
}
