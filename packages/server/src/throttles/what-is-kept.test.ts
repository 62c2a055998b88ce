import { describe, expect, test } from 'vitest'
import { createLines } from './lines.js'
import { createMemoryThrottle } from './memory.js'
import { type Rate, spend, unspent, waitFor } from './rate.js'

const spendAll = (rate: Rate, times: readonly number[]) =>
  times.reduce((spent, now) => spend(rate, spent, now), unspent)

describe('what is kept of what came', () => {
  test('as many times as the largest window looks at, the latest', () => {
    const windows = [
      { most: 1, within: 10 },
      { most: 3, within: 1_000 },
    ]
    expect(spendAll({ windows }, [1, 2, 3, 4, 5]).stamps).toEqual([3, 4, 5])
    expect(spendAll({ windows }, [1, 2]).stamps).toEqual([1, 2])
  })

  test('none that counts no more, on the millisecond', () => {
    const rate = { windows: [{ most: 9, within: 100 }] }
    expect(spendAll(rate, [0, 1, 100]).stamps).toEqual([1, 100])
  })

  test('no times at all where only a bucket is asked', () => {
    const rate = { bucket: { burst: 2, every: 10 } }
    expect(spendAll(rate, [1, 2, 3])).toEqual({ arrival: 31, stamps: [] })
  })

  test('a bucket that expects the next one later than two full ones is of another time', () => {
    const rate = { bucket: { burst: 2, every: 10 } }
    expect(waitFor(rate, { arrival: 40, stamps: [] }, 0)).toBe(30)
    expect(waitFor(rate, { arrival: 41, stamps: [] }, 0)).toBe(0)
  })
})

describe('which keys are kept', () => {
  const rate = { windows: [{ most: 10, within: 1_000 }] }
  function world(capacity: number) {
    const time = { now: 0 }
    return { time, throttle: createMemoryThrottle({ rate, now: () => time.now, capacity }) }
  }

  test('two that have recovered go for each that comes, and those that have not stay', () => {
    const { throttle, time } = world(1_000)
    for (let n = 0; n < 100; n++) throttle.spend(`old ${n}`)
    time.now = 1_000
    for (let n = 0; n < 10; n++) throttle.spend(`new ${n}`)
    expect(throttle.size()).toBe(100 - 20 + 10)
    for (let n = 0; n < 100; n++) throttle.spend(`newer ${n}`)
    expect(throttle.size()).toBe(110)
  })

  test('a known key that comes again moves nobody', () => {
    const { throttle, time } = world(1_000)
    for (let n = 0; n < 50; n++) throttle.spend(`old ${n}`)
    time.now = 999
    throttle.spend('known')
    time.now = 1_000
    for (let n = 0; n < 5; n++) throttle.spend('known')
    expect(throttle.size()).toBe(51)
  })

  test('when it is full the one with least to forget goes, and the first of several', () => {
    const { throttle } = world(4)
    for (const [key, times] of [
      ['a', 3],
      ['b', 1],
      ['c', 1],
      ['d', 2],
    ] as const) {
      for (let n = 0; n < times; n++) throttle.spend(key)
    }
    throttle.spend('e')
    expect(throttle.size()).toBe(4)
    const left = (key: string) => {
      let count = 0
      while (throttle.take(key) === 0) count++
      return count
    }
    expect([left('a'), left('d')]).toEqual([7, 8])
  })
})

test('who joins a line while another is at work waits, whoever has left it before', async () => {
  const inLine = createLines(10)
  const settled = () => new Promise(resolve => setImmediate(resolve))
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const join = (name: string) =>
    inLine('x', () => {
      started.push(name)
      return new Promise<void>(resolve => ends.set(name, resolve))
    })
  const all = [join('first'), join('second')]
  await settled()
  ends.get('first')?.()
  await settled()
  all.push(join('third'))
  await settled()
  expect(started).toEqual(['first', 'second'])
  ends.get('second')?.()
  await settled()
  expect(started).toEqual(['first', 'second', 'third'])
  ends.get('third')?.()
  await Promise.all(all)
})
