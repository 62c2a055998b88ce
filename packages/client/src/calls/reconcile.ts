import type { CallStanding } from '@switchboard/protocol'

/** What is known here of a call when a connection comes that did not resume. */
export interface KnownCall {
  /** Undefined: the server has not said yet. */
  readonly id: string | undefined
  readonly direction: 'outgoing' | 'incoming'
  readonly answered: boolean
  /** It still has to be said to the server, or may not have been heard. */
  readonly unsaid: boolean
}

export type Verdict<Call> =
  | { readonly call: Call; readonly is: 'over' | 'kept' }
  /** It is established and here, which was not known; its answer may be lost. */
  | { readonly call: Call; readonly is: 'answered' }
  /** The server has it, under this id. */
  | { readonly call: Call; readonly is: 'named'; readonly standing: CallStanding }

/**
 * `CALLS` is the truth: what is not in it is over, unless the server never heard of it; what is in it and here, and
 * unknown, is to be taken up.
 */
export function reconcile<Call extends KnownCall>(
  known: readonly Call[],
  standings: readonly CallStanding[],
  me: string,
): { readonly verdicts: readonly Verdict<Call>[]; readonly unknown: readonly CallStanding[] } {
  const unknown = new Map(standings.filter(each => isOurs(each, me)).map(each => [each.CALL_ID, each]))
  const verdicts: Verdict<Call>[] = []
  for (const call of known) {
    if (call.id === undefined) continue
    const standing = unknown.get(call.id)
    unknown.delete(call.id)
    verdicts.push({ call, is: judge(call, standing) })
  }
  for (const call of known) {
    if (call.id !== undefined) continue
    const standing = [...unknown.values()].find(each => each.SENDER_PHONE_NUMBER === me)
    if (standing) unknown.delete(standing.CALL_ID)
    verdicts.push(standing ? { call, is: 'named', standing } : { call, is: call.unsaid ? 'kept' : 'over' })
  }
  // An incoming call that rings is not taken up from here: the server gives it again, with its offer.
  return { verdicts, unknown: [...unknown.values()].filter(each => each.HERE) }
}

/** A device has a seat in a call, or is one of those that ring. */
const isOurs = ({ HERE, STATE, RECEIVER_PHONE_NUMBER }: CallStanding, me: string) =>
  HERE || (STATE === 'ringing' && RECEIVER_PHONE_NUMBER === me)

function judge(call: KnownCall, standing: CallStanding | undefined) {
  if (!standing) return 'over'
  return standing.STATE === 'established' && !call.answered ? 'answered' : 'kept'
}
