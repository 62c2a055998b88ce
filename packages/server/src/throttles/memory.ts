import { limits } from '../limits.js'
import { load, type Rate, type Spent, spend, together, unspent, waitFor } from './rate.js'

/** One limit, remembered by this process: for what comes too often to ask a database, and starts anew with the process. */
export interface MemoryThrottle {
  /** Milliseconds until this key is let through; 0: now. Takes nothing. */
  waitFor(key: string): number
  /** Counts one that was let through. */
  spend(key: string): void
  /** Both: counts one if the wait is 0. */
  take(key: string): number
  /** What is counted of this key. */
  spent(key: string): Spent | undefined
  /** That, for another process to go on with; here it is forgotten. */
  give(key: string): Spent | undefined
  /** Counts what another process did, by this one's clock, beside what this one has. */
  receive(key: string, spent: Spent): void
  readonly size: () => number
}

export interface MemoryThrottleOptions {
  readonly rate: Rate
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly capacity?: number
}

/** Bounded: who brings ever new keys makes it forget those that have recovered, and then those with least to forget. */
export function createMemoryThrottle(options: MemoryThrottleOptions): MemoryThrottle {
  const { rate, capacity = limits.throttledKeys } = options
  const now = () => Math.floor(options.now())
  const entries = new Map<string, Spent>()
  /** Goes round and round over the entries, a few for every key that comes: a look from the front would be a long one. */
  let hand = entries.entries()

  function next(): [string, Spent] | undefined {
    const step = hand.next()
    if (!step.done) return step.value
    hand = entries.entries()
    return hand.next().value
  }

  /** Two for every key that comes: those that have recovered go faster than others can come. */
  function tidy(at: number) {
    for (let looked = 0; looked < 2; looked++) {
      const [key, spent] = next() ?? []
      if (key !== undefined && spent && load(rate, spent, at) === 0) entries.delete(key)
    }
    while (entries.size >= capacity) evict(at)
  }

  /** Forgets the one with least to forget of the next few; looks further while it finds only penalties. */
  function evict(at: number) {
    const most = Math.min(entries.size, limits.throttledKeysLookedAtMost)
    let goes = ''
    let least = Number.POSITIVE_INFINITY
    for (let looked = 0; looked < most; looked++) {
      if (looked >= limits.throttledKeysLookedAt && least < 0.5) break
      const [key = '', spent = unspent] = next() ?? []
      const weight = load(rate, spent, at)
      if (weight < least) [goes, least] = [key, weight]
    }
    entries.delete(goes)
  }

  const waitAt = (key: string, at: number) => waitFor(rate, entries.get(key) ?? unspent, at)

  function change(key: string, at: number, by: (before: Spent) => Spent) {
    const before = entries.get(key)
    if (!before) tidy(at)
    entries.set(key, by(before ?? unspent))
  }

  const spendAt = (key: string, at: number) => change(key, at, before => spend(rate, before, at))

  return {
    waitFor: key => waitAt(key, now()),
    spend: key => spendAt(key, now()),
    take(key) {
      const at = now()
      const wait = waitAt(key, at)
      if (wait === 0) spendAt(key, at)
      return wait
    },
    spent: key => entries.get(key),
    give(key) {
      const spent = entries.get(key)
      entries.delete(key)
      return spent
    },
    receive: (key, spent) => change(key, now(), before => together(before, spent)),
    size: () => entries.size,
  }
}
