import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
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
  const asked: string[] = []
  const ends: number[] = []
  const since = performance.now()
  const now = () => performance.now() - since
  const ws = Object.assign(new EventEmitter(), {
    ...{ OPEN: 1, readyState: 1 },
    bufferedAmount: 0,
    ping(data = '') {
      pings.push(now())
      asked.push(data)
    },
    terminate: () => void ends.push(now()),
    send: () => undefined,
    close: () => undefined,
  })
  const heart = startHeart(systemClock, heartbeatMs)
  const link = openLink(ws as unknown as WebSocket, new PassThrough(), heart, () => undefined)
  const pong = (data: string) => link.ponged(Buffer.from(data))
  return { link, heart, pings, asked, pong, ends }
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

describe('a probe', () => {
  const turn = () => vi.advanceTimersByTimeAsync(0)

  test('is a ping behind what was sent, one a turn, and its pong answers all before it, once', async () => {
    const { link, asked, pong } = opened()
    const got: number[] = []
    for (const n of [1, 2]) link.probe(() => got.push(n))
    expect(asked).toEqual([])
    await turn()
    expect(asked).toEqual(['2'])
    link.probe(() => got.push(3))
    await turn()
    expect(asked).toEqual(['2', '3'])
    pong('2')
    expect(got).toEqual([1, 2])
    pong('2')
    pong('3')
    expect(got).toEqual([1, 2, 3])
  })

  test('is answered by the pong of a later heartbeat, for a peer may answer the last ping alone', async () => {
    const { link, asked, pong } = opened()
    const got = vi.fn()
    link.probe(got)
    await vi.advanceTimersByTimeAsync(heartbeatMs)
    expect(asked).toEqual(['1', '1'])
    pong(asked.at(-1) ?? '')
    expect(got).toHaveBeenCalledOnce()
    expect(opened().asked).toEqual([])
  })

  test('is not answered by a pong that nobody asked for', async () => {
    const { link, pong } = opened()
    const got = vi.fn()
    pong('1')
    link.probe(got)
    await turn()
    for (const data of ['', '0', 'one', '-1']) pong(data)
    expect(got).not.toHaveBeenCalled()
  })

  test('is asked for so many of a peer that never answers, and of none that is gone', async () => {
    const { link, asked, pong } = opened()
    const got = vi.fn()
    for (let n = 0; n < 2 * limits.probesOpen; n++) link.probe(got)
    await turn()
    pong(`${2 * limits.probesOpen}`)
    expect(got).toHaveBeenCalledTimes(limits.probesOpen)
    link.gone(1006)
    link.probe(got)
    await turn()
    expect(asked).toHaveLength(1)
  })
})
