import { describe, expect, it } from 'vitest'
import { areaPath, linePath, roundedUp } from './line-path.js'

describe('a line of a chart', () => {
  it('goes through its values, the highest on top, and breaks where nothing was measured', () => {
    expect(linePath([0, 5, 10], 100, 50, 10)).toBe('M0.0 50.0L50.0 25.0L100.0 0.0')
    expect(linePath([0, null, 10], 100, 50, 10)).toBe('M0.0 50.0M100.0 0.0')
    expect(linePath([], 100, 50, 10)).toBe('')
  })

  it('has an area under it where it is whole', () => {
    expect(areaPath([10, 10], 100, 50, 10)).toBe('M0.0 0.0L100.0 0.0L100 50L0 50Z')
    expect(areaPath([10, null], 100, 50, 10)).toBe('')
    expect(areaPath([10], 100, 50, 10)).toBe('')
  })

  it('is measured against a round number', () => {
    expect([0, 0.3, 1, 1.2, 3, 7, 11, 4_100].map(roundedUp)).toEqual([1, 0.5, 1, 2, 5, 10, 20, 5_000])
  })
})
