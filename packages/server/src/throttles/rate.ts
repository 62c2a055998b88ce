/** Lets `burst` through at once, then one per `every` milliseconds: the generic cell rate algorithm (ITU-T I.371). */
export interface Bucket {
  readonly burst: number
  readonly every: number
}

/** Lets at most `most` through within any `within` milliseconds. */
export interface Window {
  readonly most: number
  readonly within: number
}

/** Rules that all must let something through; when one does not, none counts it. */
export interface Rate {
  readonly bucket?: Bucket
  readonly windows?: readonly Window[]
}

/** What was let through so far. Times are whole milliseconds, so that sums are exact. */
export interface Spent {
  /** When the bucket expects the next one (GCRA's theoretical arrival time). */
  readonly arrival: number
  /** The latest, oldest first; as many as the windows look at. */
  readonly stamps: readonly number[]
}

export const unspent: Spent = { arrival: Number.NEGATIVE_INFINITY, stamps: [] }

/**
 * The bucket's next arrival time, if one comes now. One that is further off than a full bucket is of another time: the
 * clock was set back, and nobody waits for it. Twice as far, for of two that come at once the earlier may be counted last.
 */
export const nextArrival = ({ burst, every }: Bucket, arrival: number, now: number): number =>
  (arrival - now > 2 * burst * every ? now : Math.max(arrival, now)) + every

/** Milliseconds until the bucket lets one through; 0: now. */
export const bucketWait = (bucket: Bucket, arrival: number, now: number): number =>
  Math.max(0, nextArrival(bucket, arrival, now) - now - bucket.burst * bucket.every)

function windowWait({ most, within }: Window, stamps: readonly number[], now: number): number {
  const oldest = stamps[stamps.length - most]
  // A stamp further off than the window, on either side, is of another time: the clock was set.
  return oldest === undefined || Math.abs(now - oldest) >= within ? 0 : oldest + within - now
}

/** Milliseconds until the rate lets one through, if nothing else comes; 0: now. */
export function waitFor({ bucket, windows = [] }: Rate, { arrival, stamps }: Spent, now: number): number {
  const waits = windows.map(window => windowWait(window, stamps, now))
  return Math.max(bucket ? bucketWait(bucket, arrival, now) : 0, ...waits)
}

/** What is spent when one is let through now. */
export function spend({ bucket, windows = [] }: Rate, { arrival, stamps }: Spent, now: number): Spent {
  const most = Math.max(0, ...windows.map(window => window.most))
  const longest = longestWindow(windows)
  const recent = stamps.filter(stamp => Math.abs(now - stamp) < longest)
  return {
    arrival: bucket ? nextArrival(bucket, arrival, now) : now,
    stamps: most === 0 ? [] : [...recent.slice(Math.max(0, recent.length + 1 - most)), now],
  }
}

/** The same, by a clock that is ahead by so many milliseconds. */
export const shifted = ({ arrival, stamps }: Spent, by: number): Spent => ({
  arrival: arrival + by,
  stamps: stamps.map(stamp => stamp + by),
})

/** What two counted of the same. */
export const together = (one: Spent, other: Spent): Spent => ({
  arrival: Math.max(one.arrival, other.arrival),
  stamps: [...one.stamps, ...other.stamps].sort((a, b) => a - b),
})

/** How much of the allowance is spent, from 0 (nothing counts any more) to 1 (the next one is refused). */
export function load({ bucket, windows = [] }: Rate, { arrival, stamps }: Spent, now: number): number {
  const ofWindows = windows.map(({ most, within }) => {
    const counted = stamps.filter(stamp => Math.abs(now - stamp) < within).length
    return Math.min(1, counted / most)
  })
  const ofBucket = bucket ? (arrival - now) / (bucket.burst * bucket.every) : 0
  return Math.max(Math.min(1, ofBucket), 0, ...ofWindows)
}

/** The longest that anything let through counts. */
export const recovery = ({ bucket, windows = [] }: Rate): number =>
  Math.max(bucket ? bucket.burst * bucket.every : 0, longestWindow(windows))

const longestWindow = (windows: readonly Window[]): number =>
  Math.max(0, ...windows.map(({ within }) => within))
