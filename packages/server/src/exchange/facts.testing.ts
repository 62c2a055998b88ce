import type { CallId, Cause, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Payload } from './call.js'
import type { Turn } from './play.testing.js'

/** Looks at the facts before a turn is taken in; what it returns looks at them afterwards. */
export type Rule = (facts: Facts, turn: Turn) => () => void

export const nothing = () => {}

/** Throws when a rule of calls is broken; says which. */
export function must(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new Error(rule)
}

export type Side = 'caller' | 'callee'

export interface DeviceFacts {
  readonly id: DeviceId
  readonly user: UserId
  readonly login: LoginId
  readonly since: number
  /** Devices of its user that were away, or that it replaced, when it came: it may speak for them. */
  readonly heirOf: ReadonlySet<DeviceId>
  /** Undefined while it is connected. */
  awaySince: number | undefined
}

/** What can be known of a call from outside: who said what, and who was told what. */
export interface CallFacts {
  readonly id: CallId
  readonly caller: UserId
  readonly callerNumber: PhoneNumber
  readonly dialled: PhoneNumber
  readonly offer: Payload
  readonly placedAt: number
  /** How many calls were placed before it. */
  readonly order: number
  /** Whom the directory found, once it has answered; whether anybody rings is another matter. */
  found: UserId | undefined
  callee: UserId | undefined
  readonly seats: { caller: DeviceId; callee: DeviceId | undefined }
  state: 'placed' | 'located' | 'answered' | 'over'
  answeredAt: number | undefined
  cause: Cause | undefined
  /** The caller was told that it rings. */
  rang: boolean
  /** Devices that are in the call or are rung by it, as far as they have heard. */
  readonly knows: Set<DeviceId>
  /** Devices that heard its end, and why it ended for them; undefined for a denial. */
  readonly farewells: Map<DeviceId, Cause | undefined>
  /** Candidates taken from the parties, in order. */
  readonly said: { readonly by: DeviceId; readonly side: Side; readonly candidate: Payload }[]
  /** Places in `said` that a device has heard, in the order heard. */
  readonly heard: Map<DeviceId, number[]>
  /** Candidates of a side that had been taken when it last made or accepted an offer. */
  readonly saidBefore: Record<Side, number>
  /** Renegotiation offers that wait for an answer. */
  readonly offered: Record<Side, boolean>
  /** Who lent its seat to whom. */
  readonly lent: Map<DeviceId, DeviceId>
}

export interface Facts {
  /** Devices that are connected or may come back. */
  readonly devices: Map<DeviceId, DeviceFacts>
  readonly calls: Map<CallId, CallFacts>
  readonly living: Map<CallId, CallFacts>
  readonly numbers: Map<UserId, PhoneNumber>
}

export const noFacts = (): Facts => ({
  devices: new Map(),
  calls: new Map(),
  living: new Map(),
  numbers: new Map(),
})

export const sideOf = (facts: Facts, call: CallFacts, device: DeviceId): Side =>
  facts.devices.get(device)?.user === call.caller ? 'caller' : 'callee'

export const otherSide = (side: Side): Side => (side === 'caller' ? 'callee' : 'caller')

export const hasSeat = ({ seats }: CallFacts, device: DeviceId) =>
  seats.caller === device || seats.callee === device

/** The call that a device is the device of. */
export const seatedIn = (facts: Facts, device: DeviceId) =>
  [...facts.living.values()].find(call => hasSeat(call, device))

export const devicesOf = (facts: Facts, user: UserId | undefined) =>
  [...facts.devices.values()].filter(device => device.user === user)

export const connected = (facts: Facts, user: UserId | undefined) =>
  devicesOf(facts, user).filter(device => device.awaySince === undefined)

/** Whether the device has a seat in a call or is rung by one. */
export const isEngaged = (facts: Facts, device: DeviceId) =>
  [...facts.living.values()].some(call => call.knows.has(device))

/** Whether the call waits for an answer of this device: to its ringing, or to the other side's new offer. */
export function isAnswerable(facts: Facts, call: CallFacts, device: DeviceId): boolean {
  const side = sideOf(facts, call, device)
  return call.state === 'answered' ? call.offered[otherSide(side)] : side === 'callee'
}

/** Whether a device of the call's `side` may name the other party by this number: the present one, or the call's. */
export function names(facts: Facts, call: CallFacts, side: Side, number: PhoneNumber): boolean {
  if (side === 'callee') return number === call.callerNumber || number === facts.numbers.get(call.caller)
  return number === call.dialled || (call.callee !== undefined && number === facts.numbers.get(call.callee))
}

/** Candidates of a device's side that count against its bound; for a device that rings, its own. */
export function spent(facts: Facts, call: CallFacts, device: DeviceId): { least: number; most: number } {
  const side = sideOf(facts, call, device)
  const ofSide = call.said.filter(each => each.side === side)
  if (side === 'caller' || call.state === 'answered') {
    const since = ofSide.slice(call.saidBefore[side])
    const own = side === 'caller' ? since : since.filter(({ by }) => by === device)
    return { least: own.length, most: since.length }
  }
  return { least: ofSide.filter(({ by }) => by === device).length, most: ofSide.length }
}
