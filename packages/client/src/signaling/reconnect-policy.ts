import { closeEvents } from '@switchboard/protocol/close-events'

export interface Lost {
  /** How often it was tried since the last connection that stood. */
  readonly attempt: number
  /** As the server closed; undefined: the network went, or nobody answered. */
  readonly code?: number
  readonly reason?: string
}

/** What to do about a lost connection: come back after a while, or leave it, and under which name. */
export type Decision = { readonly retryInMs: number } | { readonly stop: string }

/** A policy of your own may take the place of `reconnectPolicy`. */
export type ReconnectPolicy = (lost: Lost, random: () => number) => Decision

const firstMs = 1_000
const longestMs = 30_000
/** Who broke a limit comes back slower than who lost a network. */
const limitedMs = 10_000

/**
 * Full jitter: anything from nothing to a bound that doubles, so that a thousand clients who lost one server do not come
 * back as one. After 1012 it is the server that spreads them: the reason says when to come.
 */
export const reconnectPolicy: ReconnectPolicy = ({ attempt, code, reason = '' }, random) => {
  const event = Object.values(closeEvents).find(each => each.code === code)
  if (event && !event.retry) return { stop: event.reason }
  const bound = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10))
  const jitter = random() * bound
  if (code === closeEvents.restarting.code)
    return { retryInMs: givenDelay(reason) + (attempt > 0 ? jitter : 0) }
  if (code === closeEvents.rateLimited.code) return { retryInMs: limitedMs + jitter }
  return { retryInMs: jitter }
}

/** `restarting, come back in N ms`; never more than the longest wait, whoever wrote it. */
function givenDelay(reason: string): number {
  const given = Number(/(\d+) ms/.exec(reason)?.[1] ?? 0)
  return Math.min(given, longestMs)
}
