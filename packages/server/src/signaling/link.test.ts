import { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '../clock.js'
import { limits } from '../limits.js'
import { openLink, startHeart } from './link.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const heartbeatMs = 25_000

/** A socket whose peer is silent unless the test speaks for it. */
function opened() {
  const pings: number[] = []
  const ends: number[] = []
  const since = performance.now()
  const now = () => performance.now() - since
  const ws = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    ping: () => void pings.push(now()),
    terminate: () => void ends.push(now()),
    send: () => undefined,
    close: () => undefined,
  })
  const heart = startHeart(systemClock, heartbeatMs)
  const link = openLink(ws as unknown as WebSocket, {} as Duplex, heart, () => undefined)
  return { link, heart, pings, ends }
}

describe('a link', () => {
  test('is pinged within every heartbeat, for as long as it answers', async () => {
    const { link, pings, ends } = opened()
    for (let n = 1; n <= 4; n++) {
      await vi.advanceTimersByTimeAsync(heartbeatMs)
      expect(pings.length).toBeGreaterThanOrEqual(n)
      link.heard()
    }
    expect(ends).toEqual([])
  })

  test('is cut when the pong is ten seconds late, and within 35 s of the last sign of life', async () => {
    const { pings, ends } = opened()
    await vi.advanceTimersByTimeAsync(heartbeatMs + limits.pongWithinMs)
    const [[ping = 0], [end = 0]] = [pings, ends]
    expect(end - ping).toBeGreaterThanOrEqual(limits.pongWithinMs)
    expect(end).toBeLessThanOrEqual(heartbeatMs + limits.pongWithinMs)
  })

  test('is not cut for pongs that wait to be read because we stood still', async () => {
    const { link, pings, ends } = opened()
    await vi.advanceTimersByTimeAsync(heartbeatMs)
    expect(pings).toHaveLength(1)
    vi.setSystemTime(Date.now() + 60_000)
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000)
    await vi.advanceTimersToNextTimerAsync()
    expect(ends).toEqual([])
    link.heard() // read after the timers
    await vi.advanceTimersToNextTimerAsync()
    expect(ends).toEqual([])
  })
})
