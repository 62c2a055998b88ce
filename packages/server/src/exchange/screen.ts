import type { Payload } from './call.js'

/** What is left of a payload when addresses must not be told. The exchange itself never looks inside one. */
export interface Screen {
  sdp(sdp: Payload): Payload
  /** Undefined: nothing, the candidate is not passed on. */
  candidate(candidate: Payload): Payload | undefined
}
