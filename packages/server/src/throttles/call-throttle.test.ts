import type { PhoneNumber, UserId } from '@switchboard/protocol'
import { expect, test } from 'vitest'
import { createCallThrottle } from './call-throttle.js'

const [alice, bob] = ['alice', 'bob'] as UserId[] as [UserId, UserId]
const number = (n: number) => `${1_000 + n}` as PhoneNumber

/** Two nodes, whose monotonic clocks began at different times. */
function nodes() {
  const time = { now: 0 }
  const node = (began: number) =>
    createCallThrottle({ now: () => time.now + began, onRefused: () => undefined })
  return { time, one: node(1_000_000.25), other: node(17.5) }
}

test('whoever moves takes along what their calls have spent, and leaves nothing', () => {
  const { time, one, other } = nodes()
  for (let n = 0; n < 3; n++) one.call(alice, number(0))
  for (let n = 1; n < 7; n++) one.call(alice, number(n))
  for (let n = 0; n < 5; n++) one.strangerCall(alice)
  time.now += 3_000
  other.takeCalls(alice, JSON.parse(JSON.stringify(one.giveCalls(alice))))
  expect(other.call(alice, number(0))).toBe(false) // a fourth in a minute
  expect([other.call(alice, number(7)), other.call(alice, number(8))]).toEqual([true, false])
  expect(other.strangerCall(alice)).toBe(false)
  for (let n = 0; n < 3; n++) expect(one.call(alice, number(0))).toBe(true)
  expect(one.strangerCall(alice)).toBe(true)
  expect(other.call(bob, number(0))).toBe(true)
})

test('it counts on from where it was, by the clock there', () => {
  const { time, one, other } = nodes()
  for (let n = 0; n < 3; n++) one.call(alice, number(0))
  time.now += 20_000
  other.takeCalls(alice, one.giveCalls(alice))
  time.now += 39_999
  expect(other.call(alice, number(0))).toBe(false)
  time.now += 1
  expect(other.call(alice, number(0))).toBe(true)
})

test('there and back again, what both have counted counts', () => {
  const { one, other } = nodes()
  one.call(alice, number(0))
  other.call(alice, number(0))
  other.takeCalls(alice, one.giveCalls(alice))
  one.takeCalls(alice, other.giveCalls(alice))
  expect([one.call(alice, number(0)), one.call(alice, number(0))]).toEqual([true, false])
})

test('who has not called of late has nothing to take along', () => {
  const { one } = nodes()
  expect(one.giveCalls(alice)).toEqual({ placed: undefined, pairs: [], taken: undefined })
})
