import type { Cause, DeviceId } from '@switchboard/protocol'
import { calleeOf, ended, type LivingCall } from './call.js'
import type { Effect } from './effects.js'
import { calleeNumber, callerNumber, type State } from './state.js'

interface Ending {
  /** The device that ended it, which needs no telling. */
  readonly by?: DeviceId
  /** What the callee's devices hear, when it is not what the caller hears. */
  readonly forks?: Cause
  /** The caller has heard already, by a `callResponse`. */
  readonly callerKnows?: boolean
  readonly detail?: string
}

/** Ends a call for all: tells every party but the one that ended it, frees seats and deadlines, writes the end. */
export function endCall(
  state: State,
  call: LivingCall,
  cause: Cause,
  now: number,
  out: Effect[],
  ending: Ending = {},
) {
  const { id: callId } = call
  const caller = callerNumber(state, call)
  const callee = calleeNumber(state, call)
  const tellHangUp = (device: DeviceId, why: Cause, toCaller: boolean) => {
    if (device === ending.by) return
    const [sender, receiver] = toCaller ? [callee, caller] : [caller, callee]
    out.push({ kind: 'tell', device, tell: { kind: 'hangUp', callId, sender, receiver, cause: why } })
  }
  if (!ending.callerKnows) tellHangUp(call.caller.device, cause, true)
  if (call.state === 'ringing') {
    for (const device of call.forks.keys()) tellHangUp(device, ending.forks ?? cause, false)
  }
  if (call.state === 'established') tellHangUp(call.callee.device, cause, false)

  freeSeat(state, call.caller.device, call)
  if (call.state === 'established') freeSeat(state, call.callee.device, call)
  const calleeId = calleeOf(call)
  const member = calleeId && state.members.get(calleeId)
  if (member?.incoming === callId) member.incoming = undefined
  state.ringUntil.delete(callId)
  state.calls.delete(callId)
  const trace = {
    kind: 'ended',
    ...(ending.by && { device: ending.by }),
    detail: ending.detail ?? cause,
  } as const
  out.push({ kind: 'record', call: ended(call, cause, now), trace })
}

function freeSeat(state: State, id: DeviceId, call: LivingCall) {
  const device = state.devices.get(id)
  if (device?.seat === call.id) device.seat = undefined
}
