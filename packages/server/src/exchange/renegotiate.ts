import type { DeviceId } from '@switchboard/protocol'
import type { Established, Payload } from './call.js'
import { type Effect, type Outcome, refused } from './effects.js'
import { screenedSdp } from './relay-only.js'
import { calleeNumber, callerNumber, type Device, type State } from './state.js'

/** Sides of an established call as one of its devices sees them. */
export function sides(state: State, call: Established, device: DeviceId) {
  const numbers = { caller: callerNumber(state, call), callee: calleeNumber(state, call) }
  const mine = call.caller.device === device ? 'caller' : 'callee'
  const other = mine === 'caller' ? 'callee' : 'caller'
  return { mine, other, device: call[other].device, sender: numbers[mine], receiver: numbers[other] } as const
}

/** A new offer within an established call goes to the other device under the same id; nothing rings (rule 4). */
export function renegotiate(state: State, call: Established, from: Device, sdp: Payload): Outcome {
  const { mine, device, sender, receiver } = sides(state, call, from.id)
  call.offered[mine] = true
  call.candidates[mine] = 0 // the offer may restart ICE, which gathers anew
  const tell = {
    kind: 'call',
    callId: call.id,
    sender,
    receiver,
    sdp: screenedSdp(state, call, sdp),
    ageMs: 0, // of this offer, which was not kept
  } as const
  const effects: Effect[] = [
    { kind: 'tell', device, tell },
    { kind: 'record', call, trace: { kind: 'renegotiated', device: from.id } },
  ]
  return { effects }
}

/** The other side's answer to a renegotiation; without an offer that waits there is nothing to answer. */
export function answerRenegotiation(
  state: State,
  call: Established,
  from: Device,
  response: 'accept' | 'deny',
  sdp: Payload | undefined,
): Outcome {
  const { mine, other, device, sender, receiver } = sides(state, call, from.id)
  if (!call.offered[other]) return refused('no_call')
  call.offered[other] = false
  if (response === 'accept') call.candidates[mine] = 0
  const tell = {
    kind: 'callResponse',
    callId: call.id,
    sender,
    receiver,
    response,
    sdp: screenedSdp(state, call, sdp),
  } as const
  return { effects: [{ kind: 'tell', device, tell }] }
}
