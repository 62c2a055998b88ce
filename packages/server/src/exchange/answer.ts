import type { Established, Payload, Ringing } from './call.js'
import { type Effect, type Outcome, refused } from './effects.js'
import { endCall } from './end.js'
import { screenedSdp } from './relay-only.js'
import { calleeNumber, callerNumber, type Device, type Member, type State } from './state.js'

/** The first accept wins (rule 1): the caller gets the answer and then what the callee's candidates held back (rule 3). */
export function accept(state: State, call: Ringing, from: Device, sdp: Payload, now: number): Outcome {
  const fork = call.forks.get(from.id)
  const member = state.members.get(from.userId) as Member
  if (!fork) return refused('no_call')
  if (from.seat) return refused('call_in_progress')
  const { id, caller, dialled, placedAt, relayOnly, passed } = call
  const established: Established = {
    state: 'established',
    id,
    caller,
    callee: { userId: member.id, number: member.number, device: from.id, login: from.login },
    dialled,
    placedAt,
    relayOnly,
    passed,
    rangAt: call.rangAt ?? now,
    answeredAt: now,
    offered: { caller: false, callee: false },
    candidates: { caller: call.callerCandidates.length, callee: fork.held.length },
  }
  state.calls.set(id, established)
  state.ringUntil.delete(id)
  member.incoming = undefined
  from.seat = id

  const toCaller = { callId: id, sender: member.number, receiver: callerNumber(state, established) }
  const effects: Effect[] = [
    {
      kind: 'tell',
      device: caller.device,
      tell: { kind: 'callResponse', ...toCaller, response: 'accept', sdp: screenedSdp(state, call, sdp) },
    },
  ]
  for (const candidate of fork.held) {
    effects.push({
      kind: 'tell',
      device: caller.device,
      tell: { kind: 'candidate', ...toCaller, candidate },
    })
  }
  for (const device of call.forks.keys()) {
    if (device === from.id) continue
    const tell = {
      kind: 'hangUp',
      callId: id,
      sender: toCaller.receiver,
      receiver: member.number,
      cause: 'answered_elsewhere',
    } as const
    effects.push({ kind: 'tell', device, tell })
  }
  effects.push({ kind: 'record', call: established, trace: { kind: 'accepted', device: from.id } })
  return { effects }
}

/** A deny ends the ringing for all and reaches the caller as `callResponse` (rules 1 and 2). */
export function deny(
  state: State,
  call: Ringing,
  from: Device,
  sdp: Payload | undefined,
  now: number,
): Outcome {
  const [sender, receiver] = [calleeNumber(state, call), callerNumber(state, call)]
  const tell = {
    kind: 'callResponse',
    callId: call.id,
    sender,
    receiver,
    response: 'deny',
    sdp: screenedSdp(state, call, sdp),
  } as const
  const effects: Effect[] = [
    { kind: 'tell', device: call.caller.device, tell },
    { kind: 'record', call, trace: { kind: 'denied', device: from.id } },
  ]
  endCall(state, call, 'denied', now, effects, {
    by: from.id,
    forks: 'declined_elsewhere',
    callerKnows: true,
  })
  return { effects }
}
