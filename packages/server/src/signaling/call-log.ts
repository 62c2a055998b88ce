import type { Recorded, TraceKind } from '../exchange/effects.js'
import type { Logger } from '../log.js'

const words: Partial<Record<TraceKind, string>> = {
  placed: 'a call is placed',
  rung: 'a call rings at a device',
  accepted: 'a call is answered',
  seat_moved: 'a call goes on at another device',
  restored: 'a call is taken up',
  ended: 'a call has ended',
}

/**
 * A line for each change in a call's life; undefined where nobody would see it. At `debug`, for a reader of the log who
 * falls behind holds up whoever writes it.
 */
export function callLog(log: Logger): ((recorded: Recorded) => void) | undefined {
  if (!log.isLevelEnabled('debug')) return undefined
  return ({ call, trace }) => {
    const said = trace && words[trace.kind]
    if (!said) return
    const { id: callId } = call
    log.debug({ callId, device: trace.device, cause: call.state === 'ended' ? call.cause : undefined }, said)
  }
}
