import type { DeviceId, UserId } from '@switchboard/protocol'
import type { Established, LivingCall, Locating, Ringing } from './call.js'
import type { Effect } from './effects.js'
import { addAbsent, addStandIn, memberOf } from './members.js'
import { inOrderOfTime, type State } from './state.js'

export interface Restored {
  readonly call: Locating | Ringing | Established
  /** Stands for the callee's devices when none is known to have had the call. */
  readonly standIn: DeviceId
}

/** Takes up the calls that lived when a server stopped, this one or another (rule 8); every party has the resume window to come back. */
export function restore(state: State, restored: readonly Restored[], now: number, out: Effect[]) {
  const inOrder = [...restored].sort((a, b) => a.call.placedAt - b.call.placedAt)
  for (const { call: stored, standIn } of inOrder) {
    const call = due(state, stored, standIn)
    state.calls.set(call.id, call)
    seatAbsent(state, call, call.caller, now)
    if (call.state === 'established') seatAbsent(state, call, call.callee, now)
    else state.ringUntil.set(call.id, call.ringUntil)
    if (call.state === 'ringing') {
      const callee = memberOf(state, call.callee, state.members.get(call.callee)?.number ?? call.dialled)
      callee.incoming = call.id
      for (const { device, login } of call.forks.values()) {
        if (!state.devices.has(device)) addAbsent(state, callee, device, login, now)
      }
      if (callee.devices.size === 0) addStandIn(state, callee, standIn, now)
    }
    out.push({ kind: 'record', call, trace: { kind: 'restored' } })
    if (call.state === 'locating') {
      out.push({ kind: 'locate', callId: call.id, callerId: call.caller.userId, number: call.dialled })
    }
  }
  inOrderOfTime(state.ringUntil)
}

/** The ring's end is counted from when the call was placed, whatever came between. */
function due(state: State, call: LivingCall, standIn: DeviceId): LivingCall {
  if (call.state === 'established') return call
  const ringUntil = call.placedAt + state.options.ringTimeoutMs
  return call.state === 'locating' ? { ...call, ringUntil, standIn } : { ...call, ringUntil }
}

function seatAbsent(
  state: State,
  call: LivingCall,
  seat: { userId: UserId } & LivingCall['caller'],
  now: number,
) {
  const member = memberOf(state, seat.userId, state.members.get(seat.userId)?.number ?? seat.number)
  const device = state.devices.get(seat.device) ?? addAbsent(state, member, seat.device, seat.login, now)
  device.seat = call.id
}
