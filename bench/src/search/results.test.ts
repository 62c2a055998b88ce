import { expect, test } from 'vitest'
import type { Taken } from './measure.js'
import { describe, faultsIn } from './results.js'

const taken = (pattern: string, ms: number, more: Partial<Taken> = {}): Taken => ({
  ...{ pattern, ms, page: 1, users: 50, more: true, waitedMs: 0 },
  ...more,
})

test('what takes too long is found, what waited for a core is not blamed', () => {
  const quick = Array.from({ length: 50 }, () => taken('anna', 20))
  expect(faultsIn([...quick, taken('gmail', 900, { waitedMs: 750 })])).toEqual([])
  expect(faultsIn([...quick, taken('gmail', 900, { waitedMs: 600 })])).toEqual(['"gmail": p95 300 ms'])
  expect(faultsIn([taken('anna', 201)])).toEqual(['p95 of all is 201 ms', '"anna": p95 201 ms'])
})

test('pages that stopped before they were full are named', () => {
  const lines = describe([taken('anna', 20), taken('+4670', 150, { users: 0 })], 'cold')
  expect(lines.at(-1)).toBe('cold stopped part of the way: +4670')
  expect(lines[0]).toMatch(/^cold all +median +20 +p95 +150 +most +150 ms/)
})
