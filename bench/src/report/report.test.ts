import { expect, test } from 'vitest'
import type { Result, Verdict } from '../scenarios/scenario.js'
import { chart } from './chart.js'
import { document } from './document.js'
import { markdownTable, verdictTable } from './text.js'

const verdict = (measured: number): Verdict => ({
  what: 'C',
  against: 'the floor',
  measured: { median: measured, least: measured, most: measured + 1 },
  most: 1.2,
  unit: '×',
})
const result = (more: Partial<Result> = {}): Result => ({
  name: 'C',
  title: 'Whole calls',
  table: { head: ['System', 'CPU'], rows: [['ours', '2']] },
  verdicts: [],
  notes: [],
  bars: [],
  measured: [],
  ...more,
})

test('a target that was missed is said to be, and by how much', () => {
  const text = markdownTable(verdictTable([verdict(1.1), verdict(2.4)]))
  expect(text).toContain('| C | the floor | 1.20 × | 1.10 (1.10 to 2.10) × | met |')
  expect(text).toContain(
    '| C | the floor | 1.20 × | 2.40 (2.40 to 3.40) × | **missed**, 2.00 times the target |',
  )
})

test('the page counts what was met, and names what could not be measured', () => {
  const page = document({
    command: 'npm run bench',
    effort: { rounds: 5, ms: 1_000 },
    at: new Date('2026-01-02T03:04:05Z'),
    machine: { description: 'two cores', commit: 'abc1234' },
    results: [result({ verdicts: [verdict(1), verdict(3)] })],
    failed: [{ name: 'storm', why: 'the load ended with 1' }],
  })
  expect(page).toContain('on 2026-01-02 (commit abc1234)')
  expect(page).toContain('1 of 2 met.')
  expect(page).toContain('- **storm** failed: the load ended with 1')
})

test('a bar is as long as its value, and names are escaped', () => {
  const bars = [
    { name: '<ours>', value: 50 },
    { name: 'theirs', value: 100 },
  ]
  const svg = chart([result({ bars }), result({ name: 'no bars' })])
  const [ours = 0, theirs = 0] = [...svg.matchAll(/<rect x="\d+" y="\d+" width="([\d.]+)"/g)].map(
    ([, long]) => Number(long),
  )
  expect(theirs).toBeCloseTo(2 * ours)
  expect(svg).toContain('&lt;ours>')
  expect(svg).not.toContain('no bars')
})
