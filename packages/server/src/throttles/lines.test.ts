import { expect, test } from 'vitest'
import { createLines } from './lines.js'

/** Work that the test ends when it likes. */
function work() {
  const started: string[] = []
  const ends = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>()
  const begin = (name: string) => () => {
    started.push(name)
    return new Promise<string>((resolve, reject) => ends.set(name, { resolve, reject }))
  }
  return {
    started,
    begin,
    end: (name: string) => ends.get(name)?.resolve(name),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  }
}
const settled = () => new Promise(resolve => setImmediate(resolve))

test('one after the other in a line, side by side in two', async () => {
  const inLine = createLines(10)
  const { started, begin, end } = work()
  const results = [inLine('x', begin('x1')), inLine('x', begin('x2')), inLine('y', begin('y1'))]
  await settled()
  expect(started).toEqual(['x1', 'y1'])
  end('x1')
  expect(await results[0]).toBe('x1')
  await settled()
  expect(started).toEqual(['x1', 'y1', 'x2'])
  end('x2')
  end('y1')
  expect(await Promise.all(results)).toEqual(['x1', 'x2', 'y1'])
})

test('work that fails holds nobody up', async () => {
  const inLine = createLines(10)
  const { begin, end, fail } = work()
  const [first, second] = [inLine('x', begin('x1')), inLine('x', begin('x2'))]
  await settled()
  fail('x1')
  await expect(first).rejects.toThrow('x1')
  await settled()
  end('x2')
  expect(await second).toBe('x2')
})

test('a line has an end, and takes more when it is shorter', async () => {
  const inLine = createLines(2)
  const { begin, end } = work()
  const first = inLine('x', begin('x1'))
  expect(inLine('x', begin('x2'))).toBeDefined()
  expect(inLine('x', begin('x3'))).toBeUndefined()
  expect(inLine('y', begin('y1'))).toBeDefined()
  await settled()
  end('x1')
  await first
  expect(inLine('x', begin('x4'))).toBeDefined()
})
