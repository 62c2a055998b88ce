import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '../limits.js'
import { bucketWait, load, type Rate, recovery, type Spent, spend, unspent, waitFor } from './rate.js'

const buckets = fc.record({
  burst: fc.integer({ min: 1, max: 20 }),
  every: fc.integer({ min: 1, max: 5_000 }),
})
const windows = fc.record({
  most: fc.integer({ min: 1, max: 20 }),
  within: fc.integer({ min: 1, max: 60_000 }),
})
const rates: fc.Arbitrary<Rate> = fc.oneof(
  fc.record({ bucket: buckets }),
  fc.record({ windows: fc.array(windows, { minLength: 1, maxLength: 3 }) }),
  fc.record({ bucket: buckets, windows: fc.array(windows, { minLength: 1, maxLength: 3 }) }),
)
/** Times between arrivals: bursts, and pauses of every length. */
const pauses = fc.array(fc.oneof(fc.constant(0), fc.nat(20), fc.nat(70_000)), { maxLength: 120 })

/** Plays arrivals; returns when each of those came that were let through, and what was spent in the end. */
function play(rate: Rate, gaps: readonly number[]) {
  const passed: number[] = []
  let spent: Spent = unspent
  let now = 0
  for (const gap of gaps) {
    now += gap
    if (waitFor(rate, spent, now) > 0) continue
    spent = spend(rate, spent, now)
    passed.push(now)
  }
  return { passed, spent, now }
}

describe('whatever comes whenever', () => {
  test('a bucket never lets more through than its burst and one per `every`', () => {
    fc.assert(
      fc.property(buckets, pauses, ({ burst, every }, gaps) => {
        const { passed } = play({ bucket: { burst, every } }, gaps)
        for (const [first, from] of passed.entries()) {
          for (let last = first; last < passed.length; last++) {
            const elapsed = (passed[last] as number) - from
            expect(last - first + 1).toBeLessThanOrEqual(burst + Math.floor(elapsed / every))
          }
        }
      }),
    )
  })

  test('a window never lets more through within its length', () => {
    fc.assert(
      fc.property(fc.array(windows, { minLength: 1, maxLength: 3 }), pauses, (rules, gaps) => {
        const { passed } = play({ windows: rules }, gaps)
        for (const { most, within } of rules) {
          for (const [index, from] of passed.entries()) {
            const oneTooMany = passed[index + most]
            if (oneTooMany !== undefined) expect(oneTooMany - from).toBeGreaterThanOrEqual(within)
          }
        }
      }),
    )
  })

  test('the wait is exact: a millisecond before it is refused, at its end let through', () => {
    fc.assert(
      fc.property(rates, pauses, (rate, gaps) => {
        const { spent, now } = play(rate, gaps)
        const wait = waitFor(rate, spent, now)
        expect(waitFor(rate, spent, now + wait)).toBe(0)
        if (wait > 0) expect(waitFor(rate, spent, now + wait - 1)).toBe(1)
      }),
    )
  })

  test('what has recovered counts for nothing, and it has after the recovery time', () => {
    fc.assert(
      fc.property(rates, pauses, pauses, (rate, gaps, later) => {
        const { spent, now } = play(rate, gaps)
        let [used, fresh] = [spent, unspent]
        let at = now + recovery(rate)
        expect(load(rate, spent, at)).toBe(0)
        for (const gap of later) {
          at += gap
          const wait = waitFor(rate, used, at)
          expect(wait).toBe(waitFor(rate, fresh, at))
          if (wait === 0) [used, fresh] = [spend(rate, used, at), spend(rate, fresh, at)]
        }
      }),
    )
  })

  test('the load is 0 when nothing counts, rises with each, and is above 0 when one is refused', () => {
    fc.assert(
      fc.property(rates, pauses, (rate, gaps) => {
        const { spent, now } = play(rate, gaps)
        const before = load(rate, spent, now)
        expect(before).toBeGreaterThanOrEqual(0)
        expect(before).toBeLessThanOrEqual(1)
        if (waitFor(rate, spent, now) > 0) expect(before).toBeGreaterThan(0)
        else expect(load(rate, spend(rate, spent, now), now)).toBeGreaterThan(before)
        for (const window of rate.windows ?? []) {
          const rule = { windows: [window] }
          expect(load(rule, spent, now) === 1).toBe(waitFor(rule, spent, now) > 0)
        }
      }),
    )
  })

  test('a clock that jumps, either way, keeps nobody out for longer than a recovery from then', () => {
    fc.assert(
      fc.property(rates, pauses, fc.integer({ min: -1e10, max: 1e10 }), (rate, gaps, jump) => {
        const { spent, now } = play(rate, gaps)
        expect(waitFor(rate, spent, now + jump)).toBeLessThanOrEqual(2 * recovery(rate))
      }),
    )
  })
})

test('"10, then 1 per 6 s, 100 an hour": each of the rules holds, and the refused is not counted', () => {
  const { calls } = limits.rates
  const everySecond = Array<number>(3_600).fill(1_000)
  const { passed } = play(calls, everySecond)
  // Ten at once, and one more while they came.
  expect(passed.slice(0, 11)).toEqual(Array.from({ length: 11 }, (_, n) => (n + 1) * 1_000))
  expect(passed.slice(11, 100)).toEqual(Array.from({ length: 89 }, (_, n) => 13_000 + n * 6_000))
  expect(passed[100]).toBe(undefined)
})

test('a full bucket tells the time until its next one', () => {
  const bucket = { burst: 2, every: 6_000 }
  const { spent } = play({ bucket }, [0, 0])
  expect(bucketWait(bucket, spent.arrival, 0)).toBe(6_000)
  expect(bucketWait(bucket, spent.arrival, 5_999)).toBe(1)
  expect(bucketWait(bucket, spent.arrival, 6_000)).toBe(0)
})

test('one that began a little earlier than the last does not find the clock set back', () => {
  for (const rate of [{ bucket: { burst: 2, every: 6_000 } }, { windows: [{ most: 2, within: 6_000 }] }]) {
    const { spent, now } = play(rate, [5_000, 0])
    expect(waitFor(rate, spent, now - 1)).toBeGreaterThan(6_000)
  }
})

test('no more stamps are kept than the widest window counts', () => {
  const rate = {
    windows: [
      { most: 1, within: 10 },
      { most: 3, within: 1_000 },
    ],
  }
  const { spent } = play(rate, [0, 20, 20, 20, 20, 1_000])
  expect(spent.stamps).toEqual([1_080])
  expect(play(rate, [0, 20, 20]).spent.stamps).toEqual([0, 20, 40])
})
