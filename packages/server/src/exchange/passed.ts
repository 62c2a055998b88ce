export const candidateTypes = ['host', 'srflx', 'prflx', 'relay'] as const
export type CandidateCounts = Record<(typeof candidateTypes)[number], number>

/** What came by in a call, for the operator: nothing is decided by it. Counts alone, no address. */
export interface Passed {
  /** Whether the caller offered a picture. */
  readonly video: boolean
  readonly caller: CandidateCounts
  /** Of all devices of the callee. */
  readonly callee: CandidateCounts
}

const none = (): CandidateCounts => ({ host: 0, srflx: 0, prflx: 0, relay: 0 })

export const passedBy = (offer: string): Passed => ({
  video: offer.includes('m=video'),
  caller: none(),
  callee: none(),
})

/** Counts a candidate by its type (RFC 8839 section 5.1). */
export function countCandidate(counts: CandidateCounts | undefined, candidate: string): void {
  const type = counts && candidateTypes.find(each => candidate.includes(` typ ${each}`))
  if (type) counts[type]++
}
