import pino from 'pino'
import { expect, test } from 'vitest'
import { createSharedClock } from './shared-clock.js'

function world(off: number) {
  const logged: string[] = []
  const log = pino({ level: 'warn' }, { write: line => void logged.push(line) })
  let now = 1_000
  const clock = createSharedClock({ monotonic: () => now, wall: () => 5_000_000 + off + now }, log)
  /** The database is asked, in so many milliseconds; its clock is right. */
  const ask = (ms: number) => {
    const askedAt = now
    now += ms
    clock.set(5_000_000 + askedAt + ms / 2, askedAt)
  }
  return { clock, ask, logged, truth: () => 5_000_000 + now }
}

test('nodes whose clocks differ tell the same time of a call', () => {
  for (const off of [90_000, -90_000, 30_000, 3_600_000]) {
    const { clock, ask, truth } = world(off)
    ask(4)
    expect(clock.wall()).toBe(truth())
  }
})

test('its milliseconds are whole, though the database counts parts of them', () => {
  const { clock, truth } = world(90_000)
  clock.set(truth() + 0.37, clock.monotonic())
  expect(clock.wall()).toBe(truth())
})

test('time does not jump about for what the way to the database takes', () => {
  const { clock, ask, truth } = world(100)
  ask(4)
  expect(clock.wall()).toBe(truth() + 100)
  const slow = world(900)
  slow.ask(1_000)
  expect(slow.clock.wall()).toBe(slow.truth() + 900)
})

test('a clock that is off by more than tokens forgive is told of once, and again when it was right meanwhile', () => {
  const { ask, logged } = world(90_000)
  ask(4)
  ask(4)
  expect(logged).toHaveLength(1)
  expect(JSON.parse(logged[0] ?? '')).toMatchObject({ seconds: 90 })
  const small = world(59_000)
  small.ask(4)
  expect(small.logged).toEqual([])
})
