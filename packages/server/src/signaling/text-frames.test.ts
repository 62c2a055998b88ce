import { once } from 'node:events'
import { PassThrough, type Writable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as ws from 'ws'
import { limits } from '../limits.js'
import { bytesOf, createTextFrames, type TextFrame, textOf } from './text-frames.js'

// The package exports it and its types do not.
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable }

/** What the receiving half of `ws` makes of these bytes. */
async function received(bytes: Buffer): Promise<string[]> {
  const texts: string[] = []
  const receiver = new Receiver({ isServer: false })
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    expect(isBinary).toBe(false)
    texts.push(data.toString())
  })
  const read = new PassThrough()
  read.pipe(receiver)
  read.end(bytes)
  await once(receiver, 'finish')
  return texts
}

/** Around every bound of a header, in characters of one, two, three and four bytes. */
const lengths = [0, 1, 41, 42, 125, 126, 127, 21_845, 21_846, 65_535, 65_536, 70_000]
const characters = ['x', 'é', '€', '😀']

test('frames of every size are what a WebSocket client reads, with the least header', async () => {
  const frames = createTextFrames()
  const texts = lengths.flatMap(length =>
    characters.map(character => character.repeat(Math.ceil(length / Buffer.byteLength(character)))),
  )
  const encoded = texts.map(frames.encode)
  expect(await received(Buffer.concat(encoded.map(bytesOf)))).toEqual(texts)
  for (const [n, text] of texts.entries()) {
    const bytes = Buffer.byteLength(text)
    const header = bytesOf(encoded[n] as TextFrame).length - bytes
    expect(header).toBe(bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10)
  }
})

test('any texts one after another come out as they went in', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 600 }), { maxLength: 60 })
  fc.assert(
    fc.property(texts, said => {
      const frames = createTextFrames()
      const encoded = said.map(frames.encode)
      // Read only now: no frame may have been written over by a later one.
      expect(encoded.map(textOf)).toEqual(said)
    }),
  )
})

test('frames lie one behind the other until a chunk is full', () => {
  const frames = createTextFrames()
  const [first, second] = [frames.encode('a'.repeat(200)), frames.encode('b'.repeat(200))]
  expect(second.bytes).toBe(first.bytes)
  expect(second.start).toBe(first.end)
  const third = frames.encode('c'.repeat(limits.frameChunkFirstBytes))
  expect(third.bytes).not.toBe(first.bytes)
  expect(textOf(second)).toBe('b'.repeat(200))
})

test('chunks grow to a bound, however much is said', () => {
  const frames = createTextFrames()
  const sizes = new Set<number>()
  for (let n = 0; n < 2_000; n++) sizes.add(frames.encode('x'.repeat(300)).bytes.length)
  expect(Math.min(...sizes)).toBe(limits.frameChunkFirstBytes)
  expect(Math.max(...sizes)).toBe(limits.frameChunkMostBytes)
})
