import type { OverviewPoint } from '@switchboard/protocol/admin'
import { expect, it } from 'vitest'
import { joinPoints } from './use-points.js'

const point = (at: string, connections = 0): OverviewPoint => ({
  at,
  connections,
  ringing: 0,
  established: 0,
  callsPerMinute: 0,
  answerRate: null,
  setUpP50: null,
  setUpP95: null,
  errorsPerMinute: 0,
  eventLoopLagMs: 0,
})

it('keeps an hour of points: what comes again takes the place of what was there', () => {
  const before = ['10:00:00', '10:59:40', '10:59:50'].map(time => point(`2026-11-23T${time}.000Z`))
  const news = [point('2026-11-23T10:59:50.000Z', 7), point('2026-11-23T11:00:00.000Z')]
  const joined = joinPoints(before, news, '2026-11-23T11:00:05.000Z')
  expect(joined.map(({ at }) => at.slice(11, 19))).toEqual(['10:59:40', '10:59:50', '11:00:00'])
  expect(joined[1]?.connections).toBe(7)
  expect(joinPoints(before, [], '2026-11-23T11:00:05.000Z')).toHaveLength(2)
})
