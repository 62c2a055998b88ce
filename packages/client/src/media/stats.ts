import type { MediaStats } from './media.js'

/** As much of RTCStatsReport as is read. */
interface Stat {
  readonly type: string
  readonly id: string
  readonly [member: string]: unknown
}

const number = (value: unknown) => (typeof value === 'number' ? value : undefined)

/** The counters of a call, of the report that W3C webrtc-stats describes. */
export function readStats(report: { forEach(each: (stat: Stat) => void): void }): MediaStats {
  const byId = new Map<string, Stat>()
  report.forEach(stat => {
    byId.set(stat.id, stat)
  })
  const all = [...byId.values()]
  const sum = (member: string) =>
    all
      .filter(({ type }) => type === 'inbound-rtp')
      .reduce((total, stat) => total + (number(stat[member]) ?? 0), 0)
  const transport = all.find(({ type }) => type === 'transport')
  const pair =
    byId.get(String(transport?.selectedCandidatePairId)) ??
    all.find(({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded')
  const local = byId.get(String(pair?.localCandidateId))
  const remote = byId.get(String(pair?.remoteCandidateId))
  const seconds = number(pair?.currentRoundTripTime)
  return {
    roundTripMs: seconds === undefined ? undefined : Math.round(seconds * 1_000),
    packetsReceived: sum('packetsReceived'),
    packetsLost: sum('packetsLost'),
    relayed: pair && [local, remote].some(candidate => candidate?.candidateType === 'relay'),
  }
}
