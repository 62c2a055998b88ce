import type { DeviceId, LoginId, UserId } from '@switchboard/protocol'
import type { Established, LivingCall, Locating, Ringing } from './call.js'
import { memberOf } from './devices.js'
import type { Effect } from './effects.js'
import type { Device, Member, State } from './state.js'

/** A device of a call that lived when the server stopped; it has the resume window to come back. */
function absent(state: State, member: Member, id: DeviceId, login: LoginId, now: number): Device {
  const device: Device = {
    id,
    userId: member.id,
    login,
    attached: false,
    since: now,
    seat: undefined,
    lent: undefined,
  }
  member.devices.set(id, device)
  state.devices.set(id, device)
  state.awayUntil.set(id, now + state.options.resumeWindowMs)
  return device
}

export interface Restored {
  readonly call: Locating | Ringing | Established
  /** Stands for the callee's devices when none had the call yet. */
  readonly standIn: DeviceId
}

/** Takes up the calls that lived when the server stopped (rule 8); every party has the resume window to come back. */
export function restore(state: State, restored: readonly Restored[], now: number, out: Effect[]) {
  const inOrder = [...restored].sort((a, b) => a.call.placedAt - b.call.placedAt)
  for (const { call: stored, standIn } of inOrder) {
    const call = due(state, stored)
    state.calls.set(call.id, call)
    seatAbsent(state, call, call.caller, now)
    if (call.state === 'established') seatAbsent(state, call, call.callee, now)
    else state.ringUntil.set(call.id, call.ringUntil)
    if (call.state === 'ringing') {
      const callee = memberOf(state, call.callee, state.members.get(call.callee)?.number ?? call.dialled)
      callee.incoming = call.id
      for (const { device, login } of call.forks.values()) {
        if (!state.devices.has(device)) absent(state, callee, device, login, now)
      }
      if (callee.devices.size === 0) absent(state, callee, standIn, '' as LoginId, now)
    }
    out.push({ kind: 'record', call, trace: { kind: 'restored' } })
    if (call.state === 'locating') {
      out.push({ kind: 'locate', callId: call.id, callerId: call.caller.userId, number: call.dialled })
    }
  }
}

/** The ring's end is counted from when the call was placed, whatever came between. */
const due = (state: State, call: LivingCall): LivingCall =>
  call.state === 'established' ? call : { ...call, ringUntil: call.placedAt + state.options.ringTimeoutMs }

function seatAbsent(
  state: State,
  call: LivingCall,
  seat: { userId: UserId } & LivingCall['caller'],
  now: number,
) {
  const member = memberOf(state, seat.userId, state.members.get(seat.userId)?.number ?? seat.number)
  const device = state.devices.get(seat.device) ?? absent(state, member, seat.device, seat.login, now)
  device.seat = call.id
}
