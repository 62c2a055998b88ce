import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from '../limits.js'
import { createAssembly, partsOf } from './parts.js'

/** NATS' own default. */
const maxPayload = 1024 * 1024

test('any text arrives as it was, in pieces that NATS takes', () => {
  const unit = fc.constantFrom('a', 'å', '漢', '😀', '\n', '=', '<', '>')
  const texts = fc.tuple(
    fc.integer({ min: 0, max: 3 * limits.linePartChars }),
    fc.array(unit, { minLength: 1, maxLength: 7 }),
  )
  fc.assert(
    fc.property(texts, ([length, units]) => {
      const pattern = units.join('')
      // Whole characters only: what is cut here is not cut by us.
      const text = pattern.repeat(Math.ceil(length / pattern.length))
      const assembly = createAssembly()
      const parts = partsOf(text).map(part => Buffer.from(part))
      const came = parts.map(part => assembly.take(part.toString()))
      expect(came.pop()).toBe(text)
      expect(came.every(each => each === undefined)).toBe(true)
      for (const part of parts) expect(part.length).toBeLessThan(maxPayload - 1024)
    }),
    { numRuns: 50 },
  )
})

test('what lost its beginning or its end is dropped, and spoils nothing after it', () => {
  const [one, two, three] = partsOf('x'.repeat(2.5 * limits.linePartChars)) as [string, string, string]
  const assembly = createAssembly()
  for (const part of [two, three, one, two]) expect(assembly.take(part)).toBeUndefined()
  assembly.drop()
  expect(assembly.take(three)).toBeUndefined()
  expect(assembly.take(partsOf('after')[0] ?? '')).toBe('after')
})
