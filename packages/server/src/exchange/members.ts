import type { DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Device, Member, State } from './state.js'

export function memberOf(state: State, id: UserId, number: PhoneNumber): Member {
  let member = state.members.get(id)
  if (!member) {
    member = { id, number, devices: new Map(), incoming: undefined }
    state.members.set(id, member)
  }
  member.number = number
  return member
}

/** A device that was there when the server stopped, or stands for such; it has the resume window to come back. */
export function addAbsent(state: State, member: Member, id: DeviceId, login: LoginId, now: number): Device {
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

/** Stands for the devices of somebody who had no time yet to come back: no login's device takes after it. */
export const addStandIn = (state: State, member: Member, id: DeviceId, now: number): Device =>
  addAbsent(state, member, id, '' as LoginId, now)
