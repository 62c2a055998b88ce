import type { LivingCall, Payload } from './call.js'
import type { State } from './state.js'

/** The SDP as the other party of this call may see it. */
export const screenedSdp = <P extends Payload | undefined>(state: State, call: LivingCall, sdp: P): P =>
  (call.relayOnly && sdp !== undefined ? state.options.screen.sdp(sdp) : sdp) as P

/** The candidate as the other party of this call may see it, if it may. */
export const screenedCandidate = (state: State, call: LivingCall, candidate: Payload): Payload | undefined =>
  call.relayOnly ? state.options.screen.candidate(candidate) : candidate
