import type { Payload } from './call.js'
import type { Screen } from './screen.js'

/** Marks what it lets through, and lets no candidate through that names a host. */
export const screen: Screen = {
  sdp: sdp => `screened ${sdp}` as Payload,
  candidate: candidate => (candidate.includes('host') ? undefined : (`screened ${candidate}` as Payload)),
}
