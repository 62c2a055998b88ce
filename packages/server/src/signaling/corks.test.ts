import { type Duplex, PassThrough, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { closeEvents } from '@switchboard/protocol'
import { expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '../clock.js'
import { limits } from '../limits.js'
import { openLink, startHeart } from './link.js'
import { createTextFrames } from './text-frames.js'

/** A link to a stream that notes each writing, and what it was of: texts of one character. */
function destination() {
  const writings: string[] = []
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      writings.push(chunk.toString('latin1').replaceAll('\x81\x01', ''))
      done()
    },
  })
  const closes: number[] = []
  const ws = { OPEN: 1, readyState: 1, bufferedAmount: 0, close: (code: number) => void closes.push(code) }
  const heart = startHeart(systemClock, 25_000)
  heart.stop()
  const link = openLink(ws as unknown as WebSocket, stream as Duplex, heart, () => undefined)
  return { link, writings, ws, closes, frames: createTextFrames() }
}

test('what is sent to a socket in one turn is one writing, in order, and the next turn is another', async () => {
  const [a, b] = [destination(), destination()]
  for (const text of ['1', '2', '3']) for (const { link, frames } of [a, b]) link.write(frames.encode(text))
  expect(a.writings).toEqual([])
  await turn()
  expect([a.writings, b.writings]).toEqual([['123'], ['123']])
  a.link.write(a.frames.encode('4'))
  await turn()
  expect(a.writings).toEqual(['123', '4'])
})

test('what is said once keeps its place among what a session keeps', async () => {
  const { link, frames, writings } = destination()
  link.write(frames.encode('1'))
  link.send('2')
  link.write(frames.encode('3'))
  await turn()
  expect(writings.join('')).toBe('123')
})

test('what is kept back leaves before an end, and nothing after one of the peer', async () => {
  const [ours, theirs] = [destination(), destination()]
  ours.link.write(ours.frames.encode('1'))
  ours.link.close(closeEvents.slowConsumer)
  expect([ours.writings, ours.closes]).toEqual([['1'], [4408]])
  theirs.link.write(theirs.frames.encode('1'))
  theirs.ws.readyState = 2
  await turn()
  expect(theirs.writings).toEqual([])
})

test('a peer is not slow for what was kept back from it', () => {
  const raw = new PassThrough({ highWaterMark: 4 * limits.unsentBytes })
  const ws = {
    get bufferedAmount() {
      return raw.writableLength
    },
  }
  const cut = vi.fn()
  const heart = startHeart(systemClock, 25_000)
  const link = openLink(ws as unknown as WebSocket, raw, heart, cut)
  for (let sent = 0; sent <= 2 * limits.unsentBytes; sent += 64 * 1024) link.send('x'.repeat(64 * 1024))
  heart.stop()
  expect(cut).not.toHaveBeenCalled()
  expect(raw.readableLength).toBeGreaterThan(limits.unsentBytes)
})
