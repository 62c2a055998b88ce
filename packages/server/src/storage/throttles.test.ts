import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { limits } from '../limits.js'
import { createLogger } from '../log.js'
import { type Rate, spend, unspent, waitFor } from '../throttles/rate.js'
import { statement } from './database.js'
import { openDatabase } from './pg-database.js'
import { type TestDatabase, testDatabase } from './testing.js'
import { pgThrottles } from './throttles.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
  return () => db.close()
})

let keys = 0
const newKey = () => createHash('sha256').update(`key ${++keys}`).digest()
const hour = 3_600_000
const begin = 1_750_000_000_000

/** A store whose time, in milliseconds, belongs to the test. */
function timed() {
  const time = { now: begin }
  return { time, store: pgThrottles(db.database, () => time.now * 1_000) }
}

/** A pool of its own, as another node has. */
function anotherNode() {
  const database = openDatabase({ connection: db.connection, log: createLogger('silent') })
  onTestFinished(() => database.close())
  return pgThrottles(database)
}

const isTaken = (outcome: object) => 'taken' in outcome

test.each([
  ['a bucket', { bucket: { burst: 7, every: hour } }, 7],
  ['a window', { windows: [{ most: 7, within: hour }] }, 7],
  [
    'several windows',
    {
      windows: [
        { most: 9, within: 60_000 },
        { most: 5, within: hour },
      ],
    },
    5,
  ],
  ['a bucket and a window', { bucket: { burst: 9, every: hour }, windows: [{ most: 4, within: hour }] }, 4],
])('of 100 at once on two nodes %s lets through what it may', async (_, rate: Rate, expected) => {
  const key = newKey()
  const nodes = [anotherNode(), anotherNode()]
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, n) => (nodes[n % 2] as (typeof nodes)[number]).take(key, rate)),
  )
  expect(outcomes.filter(isTaken)).toHaveLength(expected)
  for (const outcome of outcomes) {
    if ('waitMs' in outcome) expect(outcome.waitMs).toBeGreaterThan(0)
  }
})

test('it decides as the rate does, at every moment', async () => {
  const { time, store } = timed()
  const rates: fc.Arbitrary<Rate> = fc.constantFrom<Rate>(
    limits.rates.registrations,
    limits.rates.resetMails,
    limits.rates.failedAuthentications,
    limits.rates.calls,
    { windows: [{ most: 3, within: 5_000 }] },
  )
  const gaps = fc.array(fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: hour })), {
    minLength: 5,
    maxLength: 40,
  })
  await fc.assert(
    fc.asyncProperty(rates, gaps, async (rate, pauses) => {
      const key = newKey()
      let spent = unspent
      for (const pause of pauses) {
        time.now += pause
        const wait = waitFor(rate, spent, time.now)
        const outcome = await store.take(key, rate)
        if (wait === 0) spent = spend(rate, spent, time.now)
        expect('waitMs' in outcome ? outcome.waitMs : 0).toBe(wait)
      }
    }),
    { numRuns: 40 },
  )
})

test('who comes at the end of the wait is let through, and not a millisecond before', async () => {
  const { time, store } = timed()
  for (const rate of [limits.rates.lookups, limits.rates.resetMails, limits.rates.failedAuthentications]) {
    const key = newKey()
    while (isTaken(await store.take(key, rate)));
    const refused = await store.take(key, rate)
    const wait = 'waitMs' in refused ? refused.waitMs : 0
    expect(wait).toBeGreaterThan(0)
    time.now += wait - 1
    expect(isTaken(await store.take(key, rate))).toBe(false)
    time.now += 1
    expect(isTaken(await store.take(key, rate))).toBe(true)
  }
})

test('what is given back can be taken again, once', async () => {
  for (const rate of [{ bucket: { burst: 3, every: hour } }, { windows: [{ most: 3, within: hour }] }]) {
    const { store } = timed() // three at the same moment
    const key = newKey()
    const [, second] = [await store.take(key, rate), await store.take(key, rate), await store.take(key, rate)]
    expect(isTaken(await store.take(key, rate))).toBe(false)
    if (second && 'taken' in second) await store.giveBack(key, rate, second.taken)
    expect(isTaken(await store.take(key, rate))).toBe(true)
    expect(isTaken(await store.take(key, rate))).toBe(false)
  }
})

test('one that began a little earlier than the last does not find the clock set back', async () => {
  for (const rate of [{ bucket: { burst: 2, every: hour } }, { windows: [{ most: 2, within: hour }] }]) {
    const { time, store } = timed()
    const key = newKey()
    while (isTaken(await store.take(key, rate)));
    time.now -= 1_500
    expect(isTaken(await store.take(key, rate))).toBe(false)
  }
})

test('a clock that was set back a day, or on, keeps nobody out for longer than a recovery', async () => {
  for (const rate of [{ bucket: { burst: 2, every: hour } }, { windows: [{ most: 2, within: hour }] }]) {
    const { time, store } = timed()
    const key = newKey()
    while (isTaken(await store.take(key, rate)));
    time.now -= 24 * hour
    const outcome = await store.take(key, rate)
    expect('waitMs' in outcome ? outcome.waitMs : 0).toBeLessThanOrEqual(2 * hour)
    time.now += 3 * hour
    expect(isTaken(await store.take(key, rate))).toBe(true)
  }
})

test("the time is the database's own", async () => {
  const store = pgThrottles(db.database)
  const key = newKey()
  const rate = { bucket: { burst: 1, every: hour } }
  const before = Date.now()
  const outcome = await store.take(key, rate)
  const after = Date.now()
  const at = 'taken' in outcome ? outcome.taken.stamp / 1_000 : 0
  expect(at).toBeGreaterThanOrEqual(before - 1)
  expect(at).toBeLessThanOrEqual(after + 1)
})

test('what has recovered is deleted, and nothing else', async () => {
  const { time, store } = timed()
  const rows = statement<{ key: Buffer }>('test.rows', 'select key from throttles where key = any($1)')
  const [short, long] = [newKey(), newKey()]
  await store.take(short, { bucket: { burst: 2, every: 60_000 } })
  await store.take(long, { windows: [{ most: 2, within: hour }] })
  time.now += 120_000
  await store.prune()
  expect(await db.database.query(rows, [[short, long]])).toHaveLength(2)
  time.now += 1
  await store.prune()
  expect(await db.database.query(rows, [[short, long]])).toEqual([{ key: long }])
  time.now += hour
  await store.prune()
  expect(await db.database.query(rows, [[short, long]])).toEqual([])
})
