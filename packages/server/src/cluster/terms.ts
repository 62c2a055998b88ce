import type { CallId } from '@switchboard/protocol'

export type Terms = ReturnType<typeof createTerms>

/** How often each call changed hands: a fencing token, so that a home that lost a call cannot overwrite its row. */
export function createTerms() {
  const terms = new Map<CallId, number>()
  return {
    of: (callId: CallId) => terms.get(callId) ?? 0,
    /** Never back: a call that two had goes on under the later of their terms. */
    set: (callId: CallId, term: number) => void terms.set(callId, Math.max(term, terms.get(callId) ?? 0)),
    /** The term under which somebody else decides about the call. */
    give(callId: CallId): number {
      const next = (terms.get(callId) ?? 0) + 1
      terms.delete(callId)
      return next
    },
    end: (callId: CallId) => terms.delete(callId),
    count: () => terms.size,
  }
}
