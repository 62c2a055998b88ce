import { expect, test } from 'vitest'
import { limits } from '../limits.js'
import { createMemoryThrottle } from './memory.js'

function world(rate: Parameters<typeof createMemoryThrottle>[0]['rate'], capacity?: number) {
  const time = { now: 0 }
  const throttle = createMemoryThrottle({ rate, now: () => time.now, ...(capacity && { capacity }) })
  return { time, throttle }
}
const minute = 60_000

test('every key has its own count', () => {
  const { throttle, time } = world({ windows: [{ most: 2, within: minute }] })
  expect([throttle.take('a'), throttle.take('a'), throttle.take('a'), throttle.take('b')]).toEqual([
    0,
    0,
    minute,
    0,
  ])
  time.now = minute
  expect(throttle.take('a')).toBe(0)
})

test('asking for the wait takes nothing', () => {
  const { throttle } = world({ bucket: { burst: 1, every: minute } })
  expect([throttle.waitFor('a'), throttle.waitFor('a'), throttle.size()]).toEqual([0, 0, 0])
  throttle.spend('a')
  expect(throttle.waitFor('a')).toBe(minute)
})

test('fractions of a millisecond do not make the wait inexact', () => {
  const { throttle, time } = world({ bucket: { burst: 1, every: 10 } })
  time.now = 0.7
  throttle.take('a')
  time.now = 9.9
  expect(throttle.take('a')).toBe(1)
  time.now = 10.1
  expect(throttle.take('a')).toBe(0)
})

test('memory is bounded, whoever brings new keys', () => {
  const { throttle } = world({ windows: [{ most: 3, within: minute }] }, 1_000)
  for (let n = 0; n < 5_000; n++) throttle.take(`key ${n}`)
  expect(throttle.size()).toBe(1_000)
})

test('keys that have recovered go while others come', () => {
  const { throttle, time } = world({ windows: [{ most: 3, within: minute }] })
  for (let n = 0; n < 1_000; n++) throttle.take(`old ${n}`)
  time.now = minute - 1
  for (let n = 0; n < 1_000; n++) throttle.take(`new ${n}`)
  expect(throttle.size()).toBe(2_000)
  time.now = minute
  for (let n = 0; n < 1_000; n++) throttle.take(`newest ${n}`)
  expect(throttle.size()).toBe(2_000)
})

test('with room for few it still lets through what it may', () => {
  const { throttle } = world({ windows: [{ most: 2, within: minute }] }, 1)
  expect([throttle.take('a'), throttle.take('a'), throttle.take('a')]).toEqual([0, 0, minute])
  expect([throttle.take('b'), throttle.size()]).toEqual([0, 1])
})

test('ever new keys do not wash out a penalty', () => {
  const rate = limits.rates.calls
  const { throttle, time } = world(rate, 1_000)
  const penalised = Array.from({ length: 40 }, (_, n) => `flooder ${n}`)
  for (const key of penalised) while (throttle.take(key) === 0);
  for (let n = 0; n < 20_000; n++) {
    time.now += 1
    throttle.take(`passer-by ${n}`)
  }
  // 20 s have passed: three calls are due again, then each is where it was.
  for (const key of penalised) {
    expect([throttle.take(key), throttle.take(key), throttle.take(key)]).toEqual([0, 0, 0])
    expect(throttle.take(key)).toBeGreaterThan(0)
  }
})
