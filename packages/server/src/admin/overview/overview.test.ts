import { expect, test } from 'vitest'
import type { Timers } from '../../clock.js'
import { limits } from '../../limits.js'
import { createMeter, humanBounds, quickBounds } from '../../meter.js'
import { allNodes } from './all-nodes.js'
import { quantile, startHour } from './hour.js'

const begin = Date.parse('2026-03-01T12:00:00Z')

/** A node's meter, and a clock whose timers run when it is moved. */
function node() {
  let wall = begin + 3_000
  let due: { at: number; run: () => void } | undefined
  const timers: Timers = {
    after(ms, run) {
      due = { at: wall + ms, run }
      return () => {
        due = undefined
      }
    },
  }
  const meter = createMeter()
  const gauges = { sockets: 0, ringing: 0, established: 0 }
  meter.gauge('switchboard_sockets', '', () => gauges.sockets)
  meter.gaugeBy('switchboard_calls', '', 'state', () => ({
    ...{ locating: 1, ringing: gauges.ringing, established: gauges.established },
  }))
  const placed = meter.count('switchboard_calls_placed_total', '')
  const answered = meter.count('switchboard_calls_answered_total', '')
  const ended = meter.countBy('switchboard_calls_ended_total', '', 'cause', ['no_answer', 'hung_up'])
  const setUp = meter.spread('switchboard_call_ringing_seconds', '', humanBounds)
  const lag = meter.spread('nodejs_eventloop_delay_seconds', '', quickBounds)
  const clock = { wall: () => wall, monotonic: () => wall - begin }
  const hour = startHour({ families: meter.families, clock, timers })
  return {
    ...{ gauges, placed, answered, ended, setUp, lag, hour },
    figures: (since = 0) => ({ now: hour.now(), steps: hour.since(since), setUpBounds: hour.setUpBounds() }),
    pass(ms: number) {
      const until = wall + ms
      while (due && due.at <= until) {
        const { at, run } = due
        due = undefined
        wall = at
        run()
      }
      wall = until
    },
    isWaiting: () => due !== undefined,
  }
}

test('a point every ten seconds of the clock has what happened since the one before', () => {
  const { gauges, placed, answered, ended, setUp, lag, hour, pass } = node()
  gauges.sockets = 7
  placed.add(3)
  answered.add()
  ended.no_answer.add()
  ended.hung_up.add()
  for (let n = 0; n < 4; n++) setUp.observe(0.2)
  lag.observe(0.02)
  pass(7_000)
  placed.add(1)
  pass(10_000)
  const [first, second] = hour.since(0)
  expect(first).toMatchObject({
    ...{ at: begin, connections: 7, ringing: 1, placed: 3, answered: 1, missed: 1 },
  })
  expect(second).toMatchObject({ at: begin + 10_000, placed: 1, answered: 0 })
  expect(first?.lagMs).toBeGreaterThan(10)
  expect(second?.lagMs).toBe(0)
  expect(first?.setUp.reduce((sum, count) => sum + count, 0)).toBe(4)
})

test('an hour is remembered and no more; without it nothing runs on', () => {
  const { hour, pass, isWaiting } = node()
  pass(2 * limits.hourMs)
  expect(hour.since(0)).toHaveLength(limits.hourSteps)
  hour.stop()
  expect(isWaiting()).toBe(false)
})

test('two nodes are one system: counted together, as late as the worst', () => {
  const [one, two] = [node(), node()]
  one.gauges.sockets = 10
  two.gauges.sockets = 5
  one.placed.add(2)
  two.placed.add(1)
  two.answered.add(1)
  one.ended.no_answer.add(1)
  one.setUp.observe(0.2)
  two.setUp.observe(0.9)
  two.lag.observe(0.4)
  for (const each of [one, two]) each.pass(10_000)
  const { live, points } = allNodes([one.figures(), two.figures()], 0, begin + 13_000)
  expect(points).toHaveLength(1)
  expect(points[0]).toMatchObject({ connections: 15, ringing: 2, callsPerMinute: 18, answerRate: 0.5 })
  expect(live).toMatchObject({ connections: 15, callsPerMinute: 18, answerRate: 0.5 })
  expect(live.setUpSeconds?.p50).toBeLessThanOrEqual(0.25)
  expect(live.setUpSeconds?.p95).toBeGreaterThan(0.5)
  expect(live.eventLoopLagMs).toBeGreaterThan(100)
  expect(allNodes([one.figures()], begin, begin + 13_000).points).toEqual([])
  const idle = allNodes([node().figures()], 0, begin).live
  expect(idle).toMatchObject({ callsPerMinute: 0, answerRate: null, setUpSeconds: null })
})

test('a share of what was observed lies within its bucket, and above the last bound at that', () => {
  expect(quantile([1, 2, 4], [0, 0, 0, 0], 0.5)).toBeUndefined()
  expect(quantile([1, 2, 4], [0, 10, 0, 0], 0.5)).toBe(1.5)
  expect(quantile([1, 2, 4], [1, 0, 1, 0], 0.95)).toBeCloseTo(3.8)
  expect(quantile([1, 2, 4], [0, 0, 0, 3], 0.5)).toBe(4)
})
