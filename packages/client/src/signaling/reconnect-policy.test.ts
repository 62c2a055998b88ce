import { closeEvents } from '@switchboard/protocol/close-events'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { reconnectPolicy } from './reconnect-policy.js'

const chance = fc.double({ min: 0, max: 1, noNaN: true })
const attempt = fc.nat({ max: 10_000 })

test.each(Object.values(closeEvents))('after $code it comes back: $retry', ({ code, retry, reason }) => {
  const decision = reconnectPolicy({ attempt: 0, code, reason }, Math.random)
  expect(decision).toEqual(retry ? { retryInMs: expect.any(Number) } : { stop: reason })
})

describe('the wait', () => {
  it('is never negative, and never longer than a minute', () => {
    const code = fc.constantFrom(undefined, 1005, 1006, 1012, 4408, 4429)
    const lost = fc.record({ attempt, code, reason: fc.string() })
    fc.assert(
      fc.property(lost, chance, ({ code, ...more }, random) => {
        const decision = reconnectPolicy({ ...more, ...(code !== undefined && { code }) }, () => random)
        const { retryInMs } = decision as { retryInMs: number }
        expect(retryInMs).toBeGreaterThanOrEqual(0)
        expect(retryInMs).toBeLessThanOrEqual(60_000)
      }),
    )
  })

  it('has full jitter: all of it is chance, and its bound doubles up to half a minute', () => {
    const bounds = [0, 1, 2, 3, 4, 5, 6].map(attempt => reconnectPolicy({ attempt }, () => 1))
    expect(bounds).toEqual([1, 2, 4, 8, 16, 30, 30].map(seconds => ({ retryInMs: seconds * 1_000 })))
    fc.assert(
      fc.property(attempt, chance, (n, random) => {
        const [all, none] = [
          reconnectPolicy({ attempt: n }, () => 1),
          reconnectPolicy({ attempt: n }, () => 0),
        ]
        expect(none).toEqual({ retryInMs: 0 })
        expect(reconnectPolicy({ attempt: n }, () => random)).toEqual({
          retryInMs: random * (all as { retryInMs: number }).retryInMs,
        })
      }),
    )
  })

  it('after a restart is the one that the server gave', () => {
    const lost = { attempt: 0, code: 1012, reason: 'restarting, come back in 740 ms' }
    expect(reconnectPolicy(lost, () => 0.5)).toEqual({ retryInMs: 740 })
    expect(reconnectPolicy({ ...lost, attempt: 1 }, () => 0.5)).toEqual({ retryInMs: 740 + 1_000 })
    expect(reconnectPolicy({ ...lost, reason: 'come back in 999999999 ms' }, () => 0)).toEqual({
      retryInMs: 30_000,
    })
  })

  it('after a broken limit is longer than any other', () => {
    expect(reconnectPolicy({ attempt: 0, code: 4429 }, () => 0)).toEqual({ retryInMs: 10_000 })
  })
})
