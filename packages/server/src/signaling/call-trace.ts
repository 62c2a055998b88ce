import type { Clock } from '../clock.js'
import type { Recorded, Tell } from '../exchange/effects.js'
import type { Tracer } from '../tracer.js'

/** The trace of a call: how long it sought, rang and lasted, as the node sees it that decides. */
export function callTrace(tracer: Tracer, clock: Clock) {
  return {
    step({ call, trace }: Recorded) {
      const offset = clock.wall() - clock.monotonic()
      const part = (name: string, from: number, to: number) =>
        tracer.span({ trace: call.id, name, from: offset + from, to: offset + to })
      if (trace?.kind === 'rung' && call.state === 'ringing' && call.forks.size === 1)
        part('reach the callee', call.placedAt, call.rangAt ?? call.placedAt)
      if (trace?.kind === 'accepted' && call.state === 'established')
        part('ring', call.rangAt, call.answeredAt)
      if (trace?.kind !== 'ended' || call.state !== 'ended') return
      if (call.answeredAt !== undefined) part('talk', call.answeredAt, call.endedAt)
      tracer.span({
        trace: call.id,
        name: 'call',
        isRoot: true,
        from: offset + call.placedAt,
        to: offset + call.endedAt,
        attributes: { 'call.cause': call.cause, 'call.answered': call.answeredAt !== undefined },
      })
    },
  }
}

/** What a node told one of its devices of a call: candidates are too many to trace. */
export function traceTell(tracer: Tracer, clock: Clock, tell: Tell, isConnected: boolean): void {
  if (tell.kind === 'candidate') return
  const now = clock.wall()
  const attributes = {
    'device.connected': isConnected,
    ...(tell.kind === 'hangUp' && { 'call.cause': tell.cause }),
    ...(tell.kind === 'callResponse' && { 'call.response': tell.response }),
  }
  tracer.span({ trace: tell.callId, name: `tell a device ${tell.kind}`, from: now, to: now, attributes })
}
