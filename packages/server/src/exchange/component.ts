import type { CallId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Established, Fork, LivingCall, Locating, Ringing } from './call.js'
import { arrive } from './devices.js'
import type { Effect } from './effects.js'
import { endCall } from './end.js'
import { memberOf } from './members.js'
import { ring } from './place.js'
import { type Device, inOrderOfTime, type Member, roleOf, type State } from './state.js'

/**
 * People who have to do with each other through calls, and those calls: what one exchange decides about alone, and
 * gives to another as a whole. Plain JSON; all times are relative to the moment it was packed.
 */
export interface Component {
  readonly members: readonly PackedMember[]
  readonly calls: readonly PackedCall[]
}

interface PackedMember {
  readonly id: UserId
  readonly number: PhoneNumber
  readonly incoming: CallId | undefined
  readonly devices: readonly PackedDevice[]
}

interface PackedDevice extends Omit<Device, 'userId'> {
  readonly awayUntil: number | undefined
}

type PackedCall = Locating | Established | (Omit<Ringing, 'forks'> & { readonly forks: readonly Fork[] })

/** A user, and everybody and everything that calls tie it to. */
export function tied(state: State, userId: UserId) {
  const members = new Set<Member>()
  const calls = new Set<LivingCall>()
  const add = (id: UserId | undefined) => {
    const member = id && state.members.get(id)
    if (!member || members.has(member)) return
    members.add(member)
    for (const callId of [member.incoming, ...[...member.devices.values()].map(device => device.seat)]) {
      const call = callId && state.calls.get(callId)
      if (!call) continue
      calls.add(call)
      add(call.caller.userId)
      if (call.state === 'ringing') add(call.callee)
      if (call.state === 'established') add(call.callee.userId)
    }
  }
  add(userId)
  return { members, calls }
}

/** Takes a user out of this exchange, with all that is tied to it. */
export function pack(state: State, userId: UserId, now: number): Component {
  const { members, calls } = tied(state, userId)
  const packed = {
    members: [...members].map(member => packMember(state, member, now)),
    calls: [...calls].map(call => packCall(call, -now)),
  }
  for (const call of calls) {
    state.calls.delete(call.id)
    state.ringUntil.delete(call.id)
    state.heldBack.delete(call.id)
  }
  for (const member of members) {
    state.members.delete(member.id)
    for (const id of member.devices.keys()) {
      state.devices.delete(id)
      state.awayUntil.delete(id)
    }
  }
  return packed
}

function packMember(state: State, { id, number, incoming, devices }: Member, now: number): PackedMember {
  const packed = [...devices.values()].map(({ userId: _, ...device }) => {
    const until = state.awayUntil.get(device.id)
    return { ...device, since: device.since - now, awayUntil: until === undefined ? undefined : until - now }
  })
  return { id, number, incoming, devices: packed }
}

function packCall(call: LivingCall, shift: number): PackedCall {
  const moved = shifted(call, shift)
  return moved.state === 'ringing' ? { ...moved, forks: [...moved.forks.values()] } : moved
}

function shifted<C extends LivingCall>(call: C, by: number): C {
  const times: Record<string, number> = {}
  for (const at of ['placedAt', 'ringUntil', 'rangAt', 'answeredAt']) {
    const time = (call as unknown as Record<string, unknown>)[at]
    if (typeof time === 'number') times[at] = time + by
  }
  return { ...call, ...times }
}

/** Takes in what another exchange packed. Who is known here already keeps what it has, and the two become one. */
export function unpack(state: State, { members, calls }: Component, now: number, out: Effect[]) {
  for (const call of calls) {
    // Taken over while the other one stood still or was cut off: what it knows is of the past.
    if (state.calls.has(call.id)) continue
    const { forks, ...rest } = shifted(call as LivingCall, now) as LivingCall & { forks?: readonly Fork[] }
    const living = forks ? { ...rest, forks: new Map(forks.map(fork => [fork.device, fork])) } : rest
    state.calls.set(call.id, living as LivingCall)
    if (living.state !== 'established') state.ringUntil.set(call.id, (living as Locating).ringUntil)
  }
  for (const packed of members) takeIn(state, packed, now, out)
  // Everybody is here before anything is decided: who has to hear of it, and whose seat it frees.
  for (const { id, incoming } of members)
    takeInIncoming(state, state.members.get(id) as Member, incoming, now, out)
  inOrderOfTime(state.ringUntil)
  inOrderOfTime(state.awayUntil)
  for (const { id, state: stage } of calls) {
    const call = state.calls.get(id)
    if (!call) continue
    out.push({ kind: 'record', call, trace: undefined }) // whoever decides about it writes it
    if (stage !== 'locating') continue
    out.push({ kind: 'locate', callId: id, callerId: call.caller.userId, number: call.dialled })
  }
}

function takeIn(state: State, packed: PackedMember, now: number, out: Effect[]) {
  const known = state.members.get(packed.id)
  const member = known ?? memberOf(state, packed.id, packed.number)
  for (const { awayUntil, ...its } of packed.devices) {
    if (state.devices.has(its.id)) continue // it came here itself meanwhile
    const device = { ...its, seat: seatOf(state, its) }
    const isFresh = device.attached && device.seat === undefined
    if (known && isFresh) {
      // As if it connected here: it takes the seat of an absent device of its login, and is rung.
      const arrival = { device: device.id, userId: packed.id, number: member.number, login: device.login }
      arrive(state, { ...arrival, replaces: undefined }, now, out)
      continue
    }
    const placed: Device = { ...device, userId: packed.id, since: device.since + now }
    member.devices.set(device.id, placed)
    state.devices.set(device.id, placed)
    if (awayUntil !== undefined) state.awayUntil.set(device.id, awayUntil + now)
  }
}

/** A call that both knew is as it was here, where another device may have the seat. */
function seatOf(state: State, { id, seat }: Pick<Device, 'id' | 'seat'>): CallId | undefined {
  const call = seat && state.calls.get(seat)
  const role = call && roleOf(call, id)
  return role === 'caller' || role === 'callee' ? seat : undefined
}

/** One call rings a user at a time: of two that rang it in different places the one placed first lives. */
function takeInIncoming(
  state: State,
  member: Member,
  incoming: CallId | undefined,
  now: number,
  out: Effect[],
) {
  const theirs = incoming && state.calls.get(incoming)
  if (!theirs) return
  const ours = member.incoming && state.calls.get(member.incoming)
  if (ours && ours.id !== theirs.id) {
    const [first, second] = [ours, theirs].sort((a, b) => a.placedAt - b.placedAt)
    endCall(state, second as LivingCall, 'busy', now, out)
    member.incoming = first?.id
  } else {
    member.incoming = theirs.id
  }
  for (const device of member.devices.values()) if (device.attached) ring(state, device, now, out)
}

/** What another exchange wants a user for: to be called. */
export interface Wanted {
  readonly callId: CallId
  readonly callerNumber: PhoneNumber
  /** Monotonic here. */
  readonly placedAt: number
}

/**
 * Whether a user may be given to the exchange of somebody who calls it: not while it is in calls of its own (rule 4),
 * but for one to that very caller which was placed later (rule 5). Of two that wait for each other one is `free`.
 */
export function availability(
  state: State,
  userId: UserId,
  wanted: Wanted,
): 'nobody' | 'free' | 'busy' | 'earlier' {
  const member = state.members.get(userId)
  if (!member) return 'nobody'
  if (member.incoming !== undefined) return 'busy'
  const own = [...member.devices.values()].flatMap(({ seat }) => (seat && state.calls.get(seat)) || [])
  const isCrossing = (call: LivingCall) => call.state === 'locating' && call.dialled === wanted.callerNumber
  if (!own.every(isCrossing)) return 'busy'
  const isLater = (call: LivingCall) =>
    call.placedAt === wanted.placedAt ? call.id > wanted.callId : call.placedAt > wanted.placedAt
  return own.every(isLater) ? 'free' : 'earlier'
}

/** The user's calls that are under way, its own and the one that rings it. */
export function callsOf(state: State, userId: UserId): readonly LivingCall[] {
  const member = state.members.get(userId)
  const ids = new Set([...(member?.devices.values() ?? [])].map(({ seat }) => seat).concat(member?.incoming))
  return [...ids].flatMap(id => (id && state.calls.get(id)) || [])
}

/** Ends, as busy, a call to somebody whose calls are decided about elsewhere. */
export function busyElsewhere(state: State, call: Locating, callee: UserId, now: number, out: Effect[]) {
  const { standIn: _, ...known } = call
  endCall(
    state,
    { ...known, state: 'ringing', callee, rangAt: undefined, forks: new Map() },
    'busy',
    now,
    out,
  )
}
