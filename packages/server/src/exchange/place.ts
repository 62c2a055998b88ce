import type { CallId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Fork, LivingCall, Locating, Payload, Ringing } from './call.js'
import { type Effect, type Outcome, refused } from './effects.js'
import { endCall } from './end.js'
import { addStandIn, memberOf } from './members.js'
import { passedBy } from './passed.js'
import { screenedCandidate, screenedSdp } from './relay-only.js'
import { renegotiate } from './renegotiate.js'
import { calleeNumber, callerNumber, callOf, type Device, type Member, type State } from './state.js'

interface Offer {
  readonly receiver: PhoneNumber
  readonly sdp: Payload
  /** The call that the client named. */
  readonly callId: string | undefined
}

/** A `call` from a device: a new call, or a renegotiation within the one it is in (rule 4). */
export function place(state: State, device: Device, offer: Offer, newCallId: CallId, now: number): Outcome {
  if (device.seat) {
    const found = callOf(state, device, offer.receiver, offer.callId, 'own')
    if (found?.call.state === 'established') return renegotiate(state, found.call, device, offer.sdp)
    return refused(
      offer.callId !== undefined && offer.callId !== device.seat ? 'no_call' : 'call_in_progress',
    )
  }
  // A named call that is over must not ring anybody as a new one.
  if (offer.callId !== undefined) return refused('no_call')

  const member = state.members.get(device.userId) as Member
  const call: Locating = {
    state: 'locating',
    id: newCallId,
    caller: { userId: member.id, number: member.number, device: device.id, login: device.login },
    dialled: offer.receiver,
    placedAt: now,
    relayOnly: false,
    ringUntil: now + state.options.ringTimeoutMs,
    offer: offer.sdp,
    callerCandidates: [],
    passed: passedBy(offer.sdp),
  }
  state.calls.set(call.id, call)
  state.ringUntil.set(call.id, call.ringUntil)
  device.seat = call.id
  return {
    effects: [
      { kind: 'record', call, trace: { kind: 'placed', device: device.id } },
      { kind: 'locate', callId: call.id, callerId: member.id, number: call.dialled },
    ],
  }
}

/** Whether the directory's answer is still waited for: not once the call was cancelled, ran out of time or was located. */
export const isSought = (state: State, callId: CallId): boolean =>
  state.calls.get(callId)?.state === 'locating' && !state.heldBack.has(callId)

/** The directory's answer to a call that is sought: whom the number reaches for this caller, undefined when nobody. */
export function located(
  state: State,
  callId: CallId,
  calleeId: UserId | undefined,
  relayOnly: boolean,
  now: number,
  out: Effect[],
) {
  const call = state.calls.get(callId) as Locating
  if (calleeId && call.standIn && !state.members.has(calleeId)) {
    addStandIn(state, memberOf(state, calleeId, call.dialled), call.standIn, now)
  }
  const callee = calleeId && state.members.get(calleeId)
  if (!calleeId || !callee?.devices.size) {
    // An account that was found keeps the missed call in its history; the caller hears the same either way.
    const known: Locating | Ringing = calleeId ? ringingOf(call, calleeId) : call
    endCall(state, known, 'unavailable', now, out, { detail: calleeId ? 'no_device' : 'nobody' })
    return
  }
  const ringing = relayOnly ? screened(state, ringingOf(call, callee.id)) : ringingOf(call, callee.id)
  const crossing = crossingCalls(state, call, callee)
  if (crossing.some(other => other.state !== 'locating')) return endCall(state, ringing, 'glare', now, out)
  if (isBusy(state, call, callee, crossing)) return endCall(state, ringing, 'busy', now, out)
  // The one taken first is the one that lives, unless it reaches nobody: that has to be known before this one rings.
  if (crossing.some(other => other.placedAt < call.placedAt)) {
    state.heldBack.set(callId, (later, more) => located(state, callId, calleeId, relayOnly, later, more))
    return
  }
  // Ended before this one rings, so that the device which dialled is free to answer it.
  for (const other of crossing) endCall(state, other, 'glare', now, out)

  callee.incoming = call.id
  state.calls.set(call.id, ringing)
  out.push({ kind: 'record', call: ringing, trace: { kind: 'located' } })
  for (const device of callee.devices.values()) if (device.attached) ring(state, device, now, out)
  if (ringing.forks.size === 0) out.push({ kind: 'record', call: ringing, trace: { kind: 'waiting' } })
}

/** Looks again at the calls held back, after one was located or something ended. */
export function release(state: State, now: number, out: Effect[]) {
  for (const [callId, goOn] of [...state.heldBack]) {
    state.heldBack.delete(callId)
    if (isSought(state, callId)) goOn(now, out)
  }
}

const ringingOf = ({ state: _, standIn: __, ...call }: Locating, callee: UserId): Ringing => ({
  ...call,
  state: 'ringing',
  callee,
  rangAt: undefined,
  forks: new Map(),
})

/** What the caller gave before it was known who is called. */
function screened(state: State, ringing: Ringing): Ringing {
  const call = { ...ringing, relayOnly: true }
  const callerCandidates = call.callerCandidates.flatMap(c => screenedCandidate(state, call, c) ?? [])
  return { ...call, offer: screenedSdp(state, call, call.offer), callerCandidates }
}

/** The callee's own calls to this very caller, answered since this one was placed or not at all (rule 5). */
function crossingCalls(state: State, call: Locating, callee: Member): LivingCall[] {
  const caller = call.caller.userId
  return ownCalls(state, callee).filter(other => {
    if (other.caller.userId !== callee.id) return false
    if (other.state === 'established')
      return other.callee.userId === caller && other.answeredAt > call.placedAt
    if (other.state === 'ringing') return other.callee === caller
    return other.dialled === call.caller.number || other.dialled === callerNumber(state, call)
  })
}

/** Rule 4. */
const isBusy = (state: State, call: Locating, callee: Member, crossing: readonly LivingCall[]): boolean =>
  callee.incoming !== undefined ||
  callee.id === call.caller.userId ||
  ownCalls(state, callee).some(own => !crossing.includes(own))

const ownCalls = (state: State, { devices }: Member): LivingCall[] =>
  [...devices.values()].flatMap(({ seat }) => (seat && state.calls.get(seat)) || [])

/**
 * Gives the call that rings a user to one of its devices, with the caller's candidates so far (rule 3). The caller
 * hears `ringing` at the first. Does nothing when none rings or the device has it already.
 */
export function ring(state: State, device: Device, now: number, out: Effect[], held: Payload[] = []) {
  const incoming = state.members.get(device.userId)?.incoming
  const call = incoming && state.calls.get(incoming)
  if (call?.state !== 'ringing' || call.forks.has(device.id)) return
  const fork: Fork = { device: device.id, login: device.login, held }
  call.forks.set(device.id, fork)
  const first = call.rangAt === undefined
  const rung: Ringing = first ? { ...call, rangAt: now } : call
  state.calls.set(call.id, rung)

  const callId = call.id
  const [sender, receiver] = [callerNumber(state, call), calleeNumber(state, call)]
  if (first) {
    out.push({ kind: 'tell', device: call.caller.device, tell: { kind: 'ringing', callId, receiver } })
  }
  const ageMs = Math.max(0, Math.round(now - call.placedAt))
  const tell = { kind: 'call', callId, sender, receiver, sdp: call.offer, ageMs, rings: true } as const
  out.push({ kind: 'tell', device: device.id, tell })
  for (const candidate of call.callerCandidates) {
    out.push({
      kind: 'tell',
      device: device.id,
      tell: { kind: 'candidate', callId, sender, receiver, candidate },
    })
  }
  out.push({ kind: 'record', call: rung, trace: { kind: 'rung', device: device.id } })
}
