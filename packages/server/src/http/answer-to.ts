import type { ErrorCode, Problem } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { DatabaseUnavailable } from '../storage/errors.js'
import { problemOf } from './problem.js'

/** What a client is told, whatever was thrown. */
export interface Answer {
  readonly problem: Problem
  readonly retryAfterSeconds: number | undefined
  /** The fault was ours: log it. */
  readonly ours: boolean
}

/** The one translator of errors to HTTP. What is not a refusal says nothing of what went wrong inside. */
export function answerTo(error: unknown): Answer {
  if (error instanceof Refusal) return refused(error)
  if (error instanceof DatabaseUnavailable) {
    return {
      problem: problemOf('service_unavailable'),
      retryAfterSeconds: limits.unavailableRetrySeconds,
      ours: true,
    }
  }
  const code = clientFault(error)
  return { problem: problemOf(code), retryAfterSeconds: undefined, ours: code === 'internal' }
}

function refused({ code, message, faults, retryAfterSeconds }: Refusal): Answer {
  const problem = { ...problemOf(code, message), ...(faults && { errors: faults }) }
  return { problem, retryAfterSeconds, ours: false }
}

/** Fastify's own refusals carry a status; a fault of ours has none or a 5xx. */
function clientFault(error: unknown): ErrorCode {
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  if (typeof status !== 'number' || status < 400 || status > 499) return 'internal'
  if (status === 404) return 'not_found'
  if (status === 413) return 'too_large'
  if (status === 415) return 'unsupported_media_type'
  return 'invalid_request'
}
