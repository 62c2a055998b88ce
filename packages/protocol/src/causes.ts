/**
 * Why a call ended: one list for WebSocket, REST, history, metrics and the panel (contract section 3).
 */
export const causes = [
  /** A party of an established call ended it. */
  'hung_up',
  /** The caller gave up before an answer. */
  'cancelled',
  /** The callee said no. */
  'denied',
  /** The callee is in another call. */
  'busy',
  /** Nobody answered within the ring timeout. */
  'no_answer',
  /** Unknown number, no device, blocked, or strangers not admitted: one answer for all of them. */
  'unavailable',
  /** Another device of yours took the call. */
  'answered_elsewhere',
  /** Another device of yours refused the call. */
  'declined_elsewhere',
  /** The two of you called each other at once; the other call goes on. */
  'glare',
  /** A party stayed away past the resume window. */
  'connection_lost',
  'ended_by_admin',
] as const

export type Cause = (typeof causes)[number]

/** What the history says of a call: how it ended, or that it was answered. */
export type CallOutcome = Cause | 'answered'
export const callOutcomes: readonly CallOutcome[] = ['answered', ...causes]
