import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { batched } from './batched.js'

/** Reads of squares that end when the test says so. */
function squares(most: number) {
  const read: (readonly number[])[] = []
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = []
  const square = batched<number, number>(async keys => {
    read.push(keys)
    await new Promise<void>((resolve, reject) => ends.push({ resolve, reject }))
    return new Map(keys.filter(key => key > 0).map(key => [key, key * key]))
  }, most)
  return { square, read, ends }
}

test('who asks in one turn is read for together, those who come meanwhile as well, each once', async () => {
  const { square, read, ends } = squares(10)
  const first = square(1)
  void square(0)
  await turn()
  expect(read).toEqual([[1, 0]])
  const others = [square(2), square(3), square(2), square(-1)]
  await turn()
  expect(read).toHaveLength(1)
  ends[0]?.resolve()
  expect(await first).toBe(1)
  await expect
    .poll(() => read)
    .toEqual([
      [1, 0],
      [2, 3, -1],
    ])
  ends[1]?.resolve()
  expect(await Promise.all(others)).toEqual([4, 9, 4, undefined])
})

test('no more at once than may be, and nobody is forgotten', async () => {
  const { square, read, ends } = squares(2)
  const all = [1, 2, 3, 4].map(square)
  for (const n of [0, 1]) {
    await expect.poll(() => read.length).toBe(n + 1)
    ends[n]?.resolve()
  }
  expect(await Promise.all(all)).toEqual([1, 4, 9, 16])
  expect(read).toEqual([
    [1, 2],
    [3, 4],
  ])
})

test('a reading that fails fails those it was for, and the next goes on', async () => {
  const { square, ends } = squares(10)
  const first = square(1)
  await turn()
  const second = square(2)
  ends[0]?.reject(new Error('away'))
  await expect(first).rejects.toThrow('away')
  await expect.poll(() => ends.length).toBe(2)
  ends[1]?.resolve()
  expect(await second).toBe(4)
})
