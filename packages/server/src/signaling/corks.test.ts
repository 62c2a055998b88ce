import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { systemClock } from '../clock.js'
import { limits } from '../limits.js'
import { createCorks } from './corks.js'
import { openLink, startHeart } from './link.js'

/** A stream that notes each writing, and what it was of. */
function destination() {
  const writings: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      writings.push(String(chunk))
      done()
    },
    writev: (chunks, done) => {
      writings.push(chunks.map(({ chunk }) => String(chunk)).join(''))
      done()
    },
  })
  return { stream: stream as unknown as PassThrough, writings }
}

test('what is sent to a socket in one turn is one writing, in order, and the next turn is another', async () => {
  const corks = createCorks()
  const [a, b] = [destination(), destination()]
  for (const text of ['1', '2', '3']) {
    for (const { stream } of [a, b]) {
      corks.cork(stream)
      stream.write(text)
    }
  }
  expect(a.writings).toEqual([])
  await turn()
  expect([a.writings, b.writings]).toEqual([['123'], ['123']])
  corks.cork(a.stream)
  a.stream.write('4')
  await turn()
  expect(a.writings).toEqual(['123', '4'])
})

test('what is kept back leaves before an end', async () => {
  const corks = createCorks()
  const { stream, writings } = destination()
  corks.cork(stream)
  stream.write('last words')
  stream.end()
  await once(stream, 'finish')
  expect(writings).toEqual(['last words'])
})

test('a peer is not slow for what was kept back from it', () => {
  const raw = new PassThrough({ highWaterMark: 4 * limits.unsentBytes })
  const ws = {
    send: (frame: string) => void raw.write(frame),
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
