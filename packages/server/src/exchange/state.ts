import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { LivingCall, Seat } from './call.js'
import type { Effect } from './effects.js'
import type { Screen } from './screen.js'

/** One device of a user: connected, or within the resume window after its socket was lost. */
export interface Device {
  readonly id: DeviceId
  readonly userId: UserId
  login: LoginId
  attached: boolean
  /** When it first connected, monotonic. */
  readonly since: number
  /** The call that it is the device of: as caller from the first moment, as callee from its accept. */
  seat: CallId | undefined
  /** A fresh device of the same login has its seat while it is away; it takes it back when it resumes. */
  lent: { readonly callId: CallId; readonly to: DeviceId } | undefined
}

/** A user with at least one device, or with a call that waits for one. */
export interface Member {
  readonly id: UserId
  number: PhoneNumber
  readonly devices: Map<DeviceId, Device>
  /** The call that rings, or waits for, this user. One at a time: a second caller hears busy. */
  incoming: CallId | undefined
}

export interface ExchangeOptions {
  readonly ringTimeoutMs: number
  readonly resumeWindowMs: number
  readonly devicesPerUser: number
  readonly candidatesPerSide: number
  readonly screen: Screen
}

/** All that the exchange knows. Both deadline maps are in order of time, since each wait has one length. */
export interface State {
  readonly options: ExchangeOptions
  readonly members: Map<UserId, Member>
  readonly devices: Map<DeviceId, Device>
  readonly calls: Map<CallId, LivingCall>
  /** Calls that are located but wait for one taken before them which they cross (rule 5), and how to go on with each. */
  readonly heldBack: Map<CallId, (now: number, out: Effect[]) => void>
  readonly ringUntil: Map<CallId, number>
  readonly awayUntil: Map<DeviceId, number>
}

export const emptyState = (options: ExchangeOptions): State => ({
  options,
  members: new Map(),
  devices: new Map(),
  calls: new Map(),
  heldBack: new Map(),
  ringUntil: new Map(),
  awayUntil: new Map(),
})

/** Puts deadlines in order again after some came out of turn: the first is looked at alone. */
export function inOrderOfTime<Id>(deadlines: Map<Id, number>) {
  const entries = [...deadlines]
  if (entries.every(([, at], i) => i === 0 || at >= (entries[i - 1]?.[1] ?? 0))) return
  deadlines.clear()
  for (const [id, at] of entries.sort(([, a], [, b]) => a - b)) deadlines.set(id, at)
}

export type Role = 'caller' | 'callee' | 'fork'

/** What a device is in a call; undefined when it may not act there (rule 6). */
export function roleOf(call: LivingCall, device: DeviceId): Role | undefined {
  if (call.caller.device === device) return 'caller'
  if (call.state === 'established') return call.callee.device === device ? 'callee' : undefined
  return call.state === 'ringing' && call.forks.has(device) ? 'fork' : undefined
}

const currentNumber = (state: State, seat: Pick<Seat, 'userId' | 'number'>): PhoneNumber =>
  state.members.get(seat.userId)?.number ?? seat.number

export const callerNumber = (state: State, call: LivingCall): PhoneNumber => currentNumber(state, call.caller)

export function calleeNumber(state: State, call: LivingCall): PhoneNumber {
  if (call.state === 'established') return currentNumber(state, call.callee)
  if (call.state === 'locating') return call.dialled
  return state.members.get(call.callee)?.number ?? call.dialled
}

/** Whether `number` means the other party of this role; numbers of the time of the call stay good. */
function namesOther(state: State, call: LivingCall, role: Role, number: PhoneNumber): boolean {
  if (role === 'caller') return number === call.dialled || number === calleeNumber(state, call)
  return number === call.caller.number || number === callerNumber(state, call)
}

/**
 * The call that a device means: by its id when given, else by the other party's number. An incoming one comes first
 * for an answer, the device's own for everything else.
 */
export function callOf(
  state: State,
  device: Device,
  other: PhoneNumber,
  callId: string | undefined,
  prefer: 'own' | 'incoming',
): { call: LivingCall; role: Role } | undefined {
  const incoming = state.members.get(device.userId)?.incoming
  const order = prefer === 'own' ? [device.seat, incoming] : [incoming, device.seat]
  for (const id of order) {
    const call = id && state.calls.get(id)
    const role = call && roleOf(call, device.id)
    if (!call || !role || (callId !== undefined && callId !== call.id)) continue
    if (namesOther(state, call, role, other)) return { call, role }
  }
  return undefined
}
