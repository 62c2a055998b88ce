/** How much people called and were called of late, so that a limit on calls is not met by chance (contract section 4). */
export interface Rests {
  /** A `call` was sent. */
  called(from: string, to: string): void
  /** How long until this number may well be in another case, together with those. */
  wait(number: string, others?: readonly string[]): number
}

const minuteMs = 60_000
/** Fewer than a pair has in a minute, and than strangers may ask of a receiver: the case itself adds some. */
const received = 2
/** Fewer than a caller has at once. */
const made = 5

interface Call {
  readonly from: string
  readonly to: string
  readonly atMs: number
}

export function keepRests(now: () => number): Rests {
  const calls: Call[] = []
  const untilFewer = (atMs: readonly number[], most: number) => {
    const turning = atMs.toSorted((a, b) => b - a)[most]
    return turning === undefined ? 0 : turning + minuteMs - now()
  }
  return {
    called: (from, to) => void calls.push({ from, to, atMs: now() }),
    wait(number, others = []) {
      while (calls[0] && calls[0].atMs < now() - minuteMs) calls.shift()
      const times = (passes: (call: Call) => boolean) => calls.filter(passes).map(({ atMs }) => atMs)
      const isPair = ({ from, to }: Call) =>
        (from === number && others.includes(to)) || (to === number && others.includes(from))
      const toIt = untilFewer(
        times(({ to }) => to === number),
        received,
      )
      const byIt = untilFewer(
        times(({ from }) => from === number),
        made,
      )
      return Math.max(toIt, byIt, untilFewer(times(isPair), 0), 0)
    },
  }
}
