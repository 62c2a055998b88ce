import { expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

const five = ['bob:1', 'bob:2', 'bob:3', 'bob:4', 'bob:5'] as const

test('five devices ring', () => {
  const { online } = world()
  const [alice, ...bobs] = online('alice', ...five)
  alice.calls('bob')
  expect(bobs.map(each => each.heard())).toEqual(five.map(() => ['call from alice']))
})

test('a sixth displaces the one longest connected', () => {
  const { online, connect, advance, displaced, forgotten, exchange } = world()
  const [first] = online(...five)
  advance(1)
  expect(connect('bob:6').arrived).toBe('done')
  expect(displaced()).toEqual([first.id])
  expect(forgotten()).toEqual([first.id])
  expect(exchange.counts().devices).toBe(5)
})

test('longest connected counts from the first connection, not from the last resume', () => {
  const { online, connect, advance, displaced } = world()
  const [first] = online('bob:1')
  advance(1)
  online('bob:2', 'bob:3', 'bob:4', 'bob:5')
  first.losesSocket()
  advance(1)
  first.resumes()
  connect('bob:6')
  expect(displaced()).toEqual([first.id])
})

test('one in a call or rung by one is not displaced', () => {
  const { online, connect, displaced } = world()
  const [alice, first, second] = online('alice', ...five)
  alice.calls('bob')
  first.accepts('alice')
  connect('bob:6')
  expect(displaced()).toEqual([second.id])
  expect(first.hangsUp('alice')).toBe('done')
})

test('with all five in calls the sixth is refused and nothing changes', () => {
  const { online, connect, exchange, displaced } = world()
  const bobs = online(...five)
  const friends = online('ann', 'ben', 'cat', 'dan', 'eve')
  for (const [i, bob] of bobs.entries()) {
    const friend = friends[i]
    if (friend) inCall(bob, friend)
  }
  const before = exchange.counts()
  expect(connect('bob:6').arrived).toBe('rate_limited')
  expect(exchange.counts()).toEqual(before)
  expect(displaced()).toEqual([])
})

test('with all five being rung the sixth is refused', () => {
  const { online, connect } = world()
  const [alice] = online('alice', ...five)
  alice.calls('bob')
  expect(connect('bob:6').arrived).toBe('rate_limited')
})

test('a device that is away takes no place among the five', () => {
  const { online, connect, displaced } = world()
  const [, second] = online(...five)
  second.losesSocket()
  expect(connect('bob:6').arrived).toBe('done')
  expect(displaced()).toEqual([])
})

test('one that comes back when five are there displaces like any other', () => {
  const { online, connect, displaced, exchange } = world()
  const [first, second] = online(...five)
  second.losesSocket()
  connect('bob:6', { login: 'another' })
  second.resumes()
  expect(displaced()).toEqual([first.id])
  expect(exchange.devicesOf('user-bob' as never)).toHaveLength(5)
})

test('one that comes back when all five are in calls is displaced itself, unless it has a call', () => {
  const { online, connect, displaced } = world({ devicesPerUser: 1 })
  const [phone, ann, ben] = online('bob:phone', 'ann', 'ben')
  phone.losesSocket()
  const laptop = connect('bob:laptop', { login: 'another' })
  inCall(laptop, ann)
  phone.resumes()
  expect(displaced()).toEqual([phone.id])

  laptop.losesSocket()
  const tablet = connect('bob:tablet', { login: 'a third' })
  inCall(tablet, ben)
  laptop.resumes()
  expect(displaced()).toEqual([phone.id])
  expect(laptop.hangsUp('ann')).toBe('done')
})

test('one that takes the place of its own former session needs no room', () => {
  const { online, connect, displaced, forgotten } = world()
  const [, second] = online(...five)
  expect(connect('bob:2', { replaces: second }).arrived).toBe('done')
  expect(displaced()).toEqual([])
  expect(forgotten()).toEqual([second.id])
})

test('naming somebody else’s session makes no room', () => {
  const { online, connect, displaced, forgotten } = world()
  const [alice, first] = online('alice', ...five)
  connect('bob:6', { replaces: alice })
  expect(displaced()).toEqual([first.id])
  expect(forgotten()).toEqual([first.id])
})

test('sessions left behind by a client that never resumes do not pile up', () => {
  const { connect, exchange } = world()
  for (let i = 0; i < 20; i++) connect('bob').losesSocket()
  expect(exchange.counts().devices).toBeLessThanOrEqual(6)
})
