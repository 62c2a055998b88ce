/** How much people called and were called of late, so that a limit on calls is not met by chance (contract section 4). */
export interface Rests {
  /** A `call` was sent. */
  called(from: string, to: string): void
  /** How long until this number may well be in another case. */
  wait(number: string): number
}

const minuteMs = 60_000
/** Fewer than a pair has in a minute, and than strangers may ask of a receiver: the case itself adds some. */
const received = 2
/** Fewer than a caller has at once. */
const made = 5

export function keepRests(now: () => number): Rests {
  const calls: { readonly from: string; readonly to: string; readonly atMs: number }[] = []
  const untilFewer = (atMs: readonly number[], most: number) => {
    const turning = atMs.toSorted((a, b) => b - a)[most]
    return turning === undefined ? 0 : turning + minuteMs - now()
  }
  return {
    called: (from, to) => void calls.push({ from, to, atMs: now() }),
    wait(number) {
      while (calls[0] && calls[0].atMs < now() - minuteMs) calls.shift()
      const times = (side: 'from' | 'to') =>
        calls.filter(call => call[side] === number).map(({ atMs }) => atMs)
      return Math.max(untilFewer(times('to'), received), untilFewer(times('from'), made), 0)
    },
  }
}
