import { expect, test } from 'vitest'
import { createMeter } from '../../meter.js'
import { createTripped } from '../../throttles/tripped.js'
import { together, trippedOf } from './limits.js'

test('what the limits of two nodes said is added up, the newest first', () => {
  const meter = createMeter()
  const tripped = createTripped(meter)
  tripped.calls.add(2)
  const counts = trippedOf(meter.families())
  const view = together([
    { tripped: counts, trips: [{ at: 1_000, limit: 'calls', userId: 'u1' }] },
    { tripped: { ...counts, requests: 5 }, trips: [{ at: 2_000, limit: 'requests', address: '192.0.2.1' }] },
  ])
  const its = (name: string) => view.limits.find(limit => limit.name === name)
  expect(its('calls')).toEqual({ name: 'calls', tripped: 4, lastAt: '1970-01-01T00:00:01.000Z' })
  expect(its('requests')).toMatchObject({ tripped: 5, lastAt: '1970-01-01T00:00:02.000Z' })
  expect(its('stalledMs')).toEqual({ name: 'stalledMs', tripped: 0, lastAt: null })
  expect(view.trips).toEqual([
    { at: '1970-01-01T00:00:02.000Z', limit: 'requests', address: '192.0.2.1', userId: null },
    { at: '1970-01-01T00:00:01.000Z', limit: 'calls', address: null, userId: 'u1' },
  ])
})
