import type { LivingCall, Payload } from './call.js'
import { type Effect, type Outcome, refused } from './effects.js'
import { countCandidate } from './passed.js'
import { screenedCandidate } from './relay-only.js'
import { sides } from './renegotiate.js'
import { calleeNumber, callerNumber, type Device, type Role, type State } from './state.js'

/**
 * A candidate within a call (rule 3): the caller's goes to every ringing device and is kept for those that join; the
 * callee's is held until it accepts; once established, straight to the other side.
 */
export function trickle(state: State, call: LivingCall, role: Role, from: Device, said: Payload): Outcome {
  const most = state.options.candidatesPerSide
  if (call.state === 'established') {
    const { mine, device, sender, receiver } = sides(state, call, from.id)
    if (call.candidates[mine]++ >= most) return refused('rate_limited')
    countCandidate(call.passed?.[mine], said)
    const candidate = screenedCandidate(state, call, said)
    if (candidate === undefined) return { effects: [] }
    const tell = { kind: 'candidate', callId: call.id, sender, receiver, candidate } as const
    return { effects: [{ kind: 'tell', device, tell }] }
  }
  const kept = role === 'caller' ? call.callerCandidates : heldBy(call, from)
  if (kept.length >= most) return refused('rate_limited')
  countCandidate(call.passed?.[role === 'caller' ? 'caller' : 'callee'], said)
  const candidate = screenedCandidate(state, call, said)
  if (candidate === undefined) return { effects: [] }
  kept.push(candidate)
  const effects: Effect[] = []
  if (role === 'caller' && call.state === 'ringing') {
    const [sender, receiver] = [callerNumber(state, call), calleeNumber(state, call)]
    for (const device of call.forks.keys()) {
      effects.push({
        kind: 'tell',
        device,
        tell: { kind: 'candidate', callId: call.id, sender, receiver, candidate },
      })
    }
  }
  effects.push({ kind: 'record', call, trace: undefined })
  return { effects }
}

const heldBy = (call: LivingCall, device: Device): Payload[] =>
  (call.state === 'ringing' && call.forks.get(device.id)?.held) || []
