import { expect, test } from 'vitest'
import { createMeter } from '../meter.js'
import { expose } from './exposition.js'

function someFamilies() {
  const meter = createMeter()
  meter.count('a_calls_total', 'Calls').add(3)
  const kinds = meter.countBy('b_kinds_total', 'A "kind"\nof \\ thing', 'kind', ['x', 'y"\\'])
  kinds['y"\\'].add()
  const spread = meter.spread('c_wait_seconds', 'Waits', [0.1, 1])
  for (const seconds of [0.05, 0.1, 0.5, 7]) spread.observe(seconds)
  meter.gauge('d_age_seconds', 'Age', () => Number.NaN)
  meter.gaugeBy('e_state', 'State', 'state', () => ({ on: 1, off: 0 }))
  return meter.families()
}

test('the format that everybody reads', () => {
  expect(expose(someFamilies(), 'prometheus')).toBe(`# HELP a_calls_total Calls
# TYPE a_calls_total counter
a_calls_total 3
# HELP b_kinds_total A "kind"\\nof \\\\ thing
# TYPE b_kinds_total counter
b_kinds_total{kind="x"} 0
b_kinds_total{kind="y\\"\\\\"} 1
# HELP c_wait_seconds Waits
# TYPE c_wait_seconds histogram
c_wait_seconds_bucket{le="0.1"} 2
c_wait_seconds_bucket{le="1"} 3
c_wait_seconds_bucket{le="+Inf"} 4
c_wait_seconds_sum 7.65
c_wait_seconds_count 4
# HELP d_age_seconds Age
# TYPE d_age_seconds gauge
d_age_seconds NaN
# HELP e_state State
# TYPE e_state gauge
e_state{state="on"} 1
e_state{state="off"} 0
`)
})

test('OpenMetrics: the name of a counter is without _total, units are told, and there is an end', () => {
  const text = expose(someFamilies(), 'openmetrics')
  expect(text).toContain('# TYPE a_calls counter\na_calls_total 3\n')
  expect(text).toContain('# HELP b_kinds A \\"kind\\"\\nof \\\\ thing\n')
  expect(text).toContain('# UNIT c_wait_seconds seconds\n')
  expect(text).toContain('c_wait_seconds_bucket{le="1.0"} 3\n')
  expect(text.endsWith('\n# EOF\n')).toBe(true)
})

test('a name is declared once', () => {
  const meter = createMeter()
  meter.count('a_total', 'A')
  expect(() => meter.gauge('a_total', 'A', () => 0)).toThrow('declared twice')
})
