import { expect, test } from 'vitest'
import { latencies } from './latencies.js'
import { pace } from './pace.js'

test('what falls due while the load is held up is done after, and counts from when it was due', async () => {
  const times = latencies()
  let acts = 0
  await pace(1_000, 60, due => {
    if (++acts === 10) {
      const until = performance.now() + 20
      while (performance.now() < until);
    }
    times.add(performance.now() - due)
  })
  const { count, max, p50 } = times.summary()
  expect(acts).toBe(60)
  expect(count).toBe(60)
  expect(max).toBeGreaterThanOrEqual(20)
  expect(p50).toBeLessThan(max)
})

test('percentiles are those of the sorted times', () => {
  const times = latencies()
  for (let n = 100; n >= 1; n--) times.add(n)
  expect(times.summary()).toEqual({ p50: 51, p90: 91, p99: 100, max: 100, count: 100 })
})
