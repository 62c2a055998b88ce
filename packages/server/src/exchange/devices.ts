import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { LivingCall, Payload, Seat } from './call.js'
import type { Effect } from './effects.js'
import { endCall } from './end.js'
import { memberOf } from './members.js'
import { ring } from './place.js'
import { type Device, roleOf, type State } from './state.js'

export interface Arrival {
  readonly device: DeviceId
  readonly userId: UserId
  readonly number: PhoneNumber
  readonly login: LoginId
  /** The session that the client was in before, when it could not be resumed. */
  readonly replaces: DeviceId | undefined
}

/** Makes room for one more device (rule 1): false when all five are in calls. */
export function admit(state: State, userId: UserId, out: Effect[], now: number): boolean {
  const attached = [...(state.members.get(userId)?.devices.values() ?? [])].filter(device => device.attached)
  if (attached.length < state.options.devicesPerUser) return true
  const idle = attached.filter(device => !isInCall(state, device))
  const oldest = idle.reduce<Device | undefined>((a, b) => (a && a.since <= b.since ? a : b), undefined)
  if (!oldest) return false
  displace(state, oldest, now, out)
  return true
}

/** Whether the device is of a call, or rung by one. */
function isInCall(state: State, device: Device): boolean {
  const incoming = state.members.get(device.userId)?.incoming
  const call = incoming && state.calls.get(incoming)
  return device.seat !== undefined || (call !== undefined && roleOf(call, device.id) !== undefined)
}

function displace(state: State, device: Device, now: number, out: Effect[]) {
  out.push({ kind: 'displace', device: device.id })
  leave(state, device, 'left', now, out)
}

/** A device connects for the first time, or comes back in a session that could not be resumed. */
export function arrive(state: State, arrival: Arrival, now: number, out: Effect[]) {
  const member = memberOf(state, arrival.userId, arrival.number)
  const device: Device = {
    id: arrival.device,
    userId: member.id,
    login: arrival.login,
    attached: true,
    since: now,
    seat: undefined,
    lent: undefined,
  }
  // The one it replaces comes first: it is forgotten, so its seat cannot wait.
  const isReplaced = (old: Device) => Number(old.id === arrival.replaces)
  const before = [...member.devices.values()].sort((a, b) => isReplaced(b) - isReplaced(a))
  member.devices.set(device.id, device)
  state.devices.set(device.id, device)
  let held: Payload[] | undefined
  for (const old of before) {
    const same = old.id === arrival.replaces
    // The seed's client knows no SESSION: it comes back as a fresh device of the same login.
    if (!same && (old.attached || old.login !== device.login)) continue
    if (old.seat && !device.seat) takeSeat(state, old, device, out)
    held ??= takeHeld(state, old, same)
    if (same) forget(state, old, out)
  }
  ring(state, device, now, out, held)
}

/** A device that was away is back in its session: nothing rings twice, and a lent seat is its own again. */
export function resume(state: State, device: Device, login: LoginId, now: number, out: Effect[]) {
  const { lent } = device
  const borrower = lent && state.devices.get(lent.to)
  const owes = lent && borrower?.seat === lent.callId ? borrower : undefined
  const hasRoom = device.attached || admit(state, device.userId, out, now)
  // The five hold for those who come back as well, but a call outlives a lost socket.
  if (!hasRoom && !owes && !isInCall(state, device)) return displace(state, device, now, out)
  device.attached = true
  relogin(state, device, login, out)
  device.lent = undefined
  state.awayUntil.delete(device.id)
  if (owes) {
    takeSeat(state, owes, device, out)
    owes.lent = undefined
  }
  ring(state, device, now, out)
}

/** A device came by another login of its user; its seat is found again by that one after a restart. */
export function relogin(state: State, device: Device, login: LoginId, out: Effect[]) {
  if (device.login === login) return
  device.login = login
  const call = device.seat && state.calls.get(device.seat)
  if (!call) return
  const moved = withSeat(call, device.id, device)
  state.calls.set(call.id, moved)
  out.push({ kind: 'record', call: moved, trace: undefined })
}

/** A device lost its socket: its session, seat and ringing wait for it through the resume window. */
export function away(state: State, device: Device, now: number, out: Effect[]) {
  device.attached = false
  state.awayUntil.set(device.id, now + state.options.resumeWindowMs)
  const idle = [...(state.members.get(device.userId)?.devices.values() ?? [])].filter(
    other => !other.attached && !other.seat && other !== device,
  )
  // A client that reconnects without SESSION leaves one behind each time.
  const [oldest] = idle
  if (oldest && idle.length >= state.options.devicesPerUser) leave(state, oldest, 'lost', now, out)
}

/** A device is gone for good: lost past its window, or it left (logged out, displaced, deleted). */
export function leave(state: State, device: Device, how: 'lost' | 'left', now: number, out: Effect[]) {
  const call = device.seat && state.calls.get(device.seat)
  if (call) {
    const left = call.state === 'established' ? 'hung_up' : 'cancelled'
    endCall(state, call, how === 'lost' ? 'connection_lost' : left, now, out, { by: device.id })
  }
  const member = state.members.get(device.userId)
  const incoming = member?.incoming && state.calls.get(member.incoming)
  if (incoming?.state === 'ringing') incoming.forks.delete(device.id)
  forget(state, device, out)
  if (member?.devices.size === 0 && incoming) {
    endCall(state, incoming, 'unavailable', now, out, { detail: 'no_device' })
  }
  if (member?.devices.size === 0) state.members.delete(member.id)
}

function forget(state: State, device: Device, out: Effect[]) {
  state.awayUntil.delete(device.id)
  state.devices.delete(device.id)
  state.members.get(device.userId)?.devices.delete(device.id)
  out.push({ kind: 'forget', device: device.id })
}

/** The call with the seat of one device taken by another, or by the same one under another login. */
function withSeat(call: LivingCall, from: DeviceId, { id, login }: Device): LivingCall {
  const reseat = (seat: Seat): Seat => (seat.device === from ? { ...seat, device: id, login } : seat)
  if (call.state !== 'established') return { ...call, caller: reseat(call.caller) }
  return { ...call, caller: reseat(call.caller), callee: reseat(call.callee) }
}

/** Moves the seat of a device that is away to another one of the same user; the call goes on there. */
function takeSeat(state: State, from: Device, to: Device, out: Effect[]) {
  const callId = from.seat as CallId
  const call = state.calls.get(callId)
  if (!call) return
  const moved = withSeat(call, from.id, to)
  state.calls.set(callId, moved)
  from.seat = undefined
  from.lent = { callId, to: to.id }
  to.seat = callId
  out.push({ kind: 'inherit', callId, from: from.id, to: to.id })
  out.push({ kind: 'record', call: moved, trace: { kind: 'seat_moved', device: to.id } })
}

/** The candidates that an absent device had given for the call that rings: they are still its user's. */
function takeHeld(state: State, from: Device, replaced: boolean): Payload[] | undefined {
  const incoming = state.members.get(from.userId)?.incoming
  const call = incoming && state.calls.get(incoming)
  const fork = call && call.state === 'ringing' ? call.forks.get(from.id) : undefined
  if (!fork || (!replaced && fork.held.length === 0)) return undefined
  if (replaced && call?.state === 'ringing') call.forks.delete(from.id)
  return [...fork.held]
}
