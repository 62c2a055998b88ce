import { expect, test } from 'vitest'
import { addressKey } from './addresses.js'
import type { Limit } from './refuse.js'
import { createSocketBudget } from './socket-budget.js'
import { createSocketSeats } from './socket-seats.js'

function counted() {
  const refused: Limit[] = []
  return { refused, onRefused: (limit: Limit) => refused.push(limit) }
}
const here = addressKey('192.0.2.1')

test('control messages: 60 at once, then one a second', () => {
  const { refused, onRefused } = counted()
  const budget = createSocketBudget(onRefused)
  for (let n = 0; n < 60; n++) expect(budget.control(1_000.5)).toBe(true)
  expect(budget.control(1_000.5)).toBe(false)
  expect(budget.control(1_999.5)).toBe(false)
  expect(budget.control(2_000.5)).toBe(true)
  expect(budget.control(2_000.5)).toBe(false)
  expect(refused).toEqual(['controlMessages', 'controlMessages', 'controlMessages'])
})

test('candidates: 100 at once, then ten a second, beside the control messages', () => {
  const { refused, onRefused } = counted()
  const budget = createSocketBudget(onRefused)
  for (let n = 0; n < 100; n++) expect(budget.candidate(0)).toBe(true)
  expect(budget.candidate(99)).toBe(false)
  expect(budget.candidate(100)).toBe(true)
  expect(budget.control(100)).toBe(true)
  expect(refused).toEqual(['candidates'])
})

test('an address has 100 sockets that have not said who they are', () => {
  const { refused, onRefused } = counted()
  const seats = createSocketSeats(onRefused)
  const taken = Array.from({ length: 100 }, () => seats.take(here))
  expect(taken).not.toContain(undefined)
  expect(seats.take(here)).toBeUndefined()
  expect(seats.take(addressKey('192.0.2.2'))).toBeDefined()
  taken[0]?.authenticated()
  taken[0]?.authenticated()
  expect(seats.take(here)).toBeDefined()
  expect(seats.take(here)).toBeUndefined()
  expect(refused).toEqual(['sockets', 'sockets'])
})

test('an address has 1,000 sockets, and those that close make room', () => {
  const { onRefused } = counted()
  const seats = createSocketSeats(onRefused)
  const taken = Array.from({ length: 1_000 }, () => {
    const seat = seats.take(here)
    seat?.authenticated()
    return seat
  })
  expect(taken).not.toContain(undefined)
  expect(seats.take(here)).toBeUndefined()
  taken[0]?.release()
  taken[0]?.release()
  expect(seats.take(here)).toBeDefined()
  expect(seats.take(here)).toBeUndefined()
})

test('nothing stays of addresses whose sockets are closed', () => {
  const { onRefused } = counted()
  const seats = createSocketSeats(onRefused)
  const one = seats.take(here)
  const other = seats.take(here)
  one?.release()
  expect(seats.addresses()).toBe(1)
  other?.authenticated()
  other?.release()
  other?.authenticated()
  expect(seats.addresses()).toBe(0)
  const taken = Array.from({ length: 101 }, () => seats.take(here)).filter(seat => seat !== undefined)
  expect(taken).toHaveLength(100)
})
