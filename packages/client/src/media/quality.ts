import type { MediaStats } from './media.js'

/** How good a call is, over the last moments. */
export interface Quality {
  readonly roundTripMs: number | undefined
  /** Of what should have come in: 0 to 100. */
  readonly lossPercent: number
  readonly relayed: boolean | undefined
  readonly rating: 'good' | 'fair' | 'poor'
}

/** ITU-T G.114: beyond 150 ms one way people begin to interrupt each other. */
const fair = { roundTripMs: 300, lossPercent: 3 }
const poor = { roundTripMs: 600, lossPercent: 10 }

/** From two readings of the counters. */
export function qualityBetween(before: MediaStats | undefined, now: MediaStats): Quality {
  const received = Math.max(0, now.packetsReceived - (before?.packetsReceived ?? 0))
  const lost = Math.max(0, now.packetsLost - (before?.packetsLost ?? 0))
  const lossPercent = received + lost === 0 ? 0 : (100 * lost) / (received + lost)
  const { roundTripMs, relayed } = now
  const exceeds = (bound: typeof fair) =>
    lossPercent > bound.lossPercent || (roundTripMs ?? 0) > bound.roundTripMs
  return {
    roundTripMs,
    lossPercent,
    relayed,
    rating: exceeds(poor) ? 'poor' : exceeds(fair) ? 'fair' : 'good',
  }
}
