import { expect, test } from 'vitest'
import { median, pairedRatio, summarise } from './statistics.js'

test('the median is the one in the middle, or between the two in the middle', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

test('the spread is from the least to the most', () => {
  expect(summarise([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 })
})

test('a ratio is made round by round, so that what slowed both falls out', () => {
  expect(pairedRatio([10, 40, 12], [5, 20, 6])).toEqual({ median: 2, least: 2, most: 2 })
})
