import { expect, test } from 'vitest'
import { en } from './en.js'
import { dayOf, duration, durationBetween } from './moments.js'
import { sv } from './sv.js'

const now = new Date(2026, 2, 30, 0, 30)

test.each([
  [new Date(2026, 2, 30, 0, 1), 'Today', 'I dag'],
  [new Date(2026, 2, 29, 23, 59), 'Yesterday', 'I går'],
  // The day of 23 hours in between: clocks were set forward on the 29th.
  [new Date(2026, 2, 28, 23, 59), /28 March/, /28 mars/],
  [new Date(2025, 2, 30, 12), /30 March 2025/, /30 mars 2025/],
])('%s has a day', (at, english, swedish) => {
  expect(dayOf(at.toISOString(), en, now)).toMatch(english)
  expect(dayOf(at.toISOString(), sv, now)).toMatch(swedish)
})

test('how long is said in minutes, and in hours when there are some', () => {
  expect([0, 900, 59_400, 61_000, 3_600_000, -5].map(duration)).toEqual([
    '0:00',
    '0:01',
    '0:59',
    '1:01',
    '1:00:00',
    '0:00',
  ])
  expect(durationBetween('2026-01-01T00:00:00Z', '2026-01-01T00:02:05Z')).toBe('2:05')
})
