import type { CallEnd } from '../errors.js'

/** Where a call stands. */
export type Phase = 'calling' | 'ringing' | 'connecting' | 'connected' | 'reconnecting' | 'ended'

/** A call as data; `advance` makes the next one. Knows no socket, no media and no time. */
export interface Progress {
  readonly phase: Phase
  readonly answered: boolean
  readonly media: boolean
  readonly signaling: boolean
  readonly end?: CallEnd
}

export type Happening =
  | { readonly kind: 'ringing' }
  | { readonly kind: 'answered' }
  /** Media, or signaling, is there or gone. */
  | { readonly kind: 'media' | 'signaling'; readonly up: boolean }
  | { readonly kind: 'ended'; readonly end: CallEnd }

/** What is told of a change. */
export type Told = 'ringing' | 'connected' | 'reconnecting' | 'reconnected' | 'ended'

export const begin = (direction: 'outgoing' | 'incoming', signaling = true): Progress => ({
  phase: direction === 'outgoing' ? 'calling' : 'ringing',
  answered: false,
  media: false,
  signaling,
})

/** A call that is taken up in the middle: after a page was loaded again. */
export const takenUp = (answered: boolean): Progress => ({
  phase: answered ? 'reconnecting' : 'ringing',
  answered,
  media: false,
  signaling: true,
})

export function advance(before: Progress, happening: Happening): readonly [Progress, Told?] {
  if (before.phase === 'ended') return [before]
  if (happening.kind === 'ended') return [{ ...before, phase: 'ended', end: happening.end }, 'ended']
  if (happening.kind === 'ringing') {
    return before.phase === 'calling' ? [{ ...before, phase: 'ringing' }, 'ringing'] : [before]
  }
  const next =
    happening.kind === 'answered'
      ? { ...before, answered: true }
      : { ...before, [happening.kind]: happening.up }
  if (!next.answered) return [next]
  const whole = next.media && next.signaling
  const stood = before.phase === 'connected' || before.phase === 'reconnecting'
  if (whole) {
    if (before.phase === 'connected') return [next]
    return [{ ...next, phase: 'connected' }, stood ? 'reconnected' : 'connected']
  }
  if (!stood) return [{ ...next, phase: 'connecting' }]
  const reconnecting = { ...next, phase: 'reconnecting' } as const
  return before.phase === 'connected' ? [reconnecting, 'reconnecting'] : [reconnecting]
}
