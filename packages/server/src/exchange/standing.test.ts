import { expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

test('a device learns of its user’s calls: where they stand, and whether it is the one in them', () => {
  const { online, numberOf } = world()
  const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
  const call = { callId: 'call-1', caller: numberOf('alice'), callee: numberOf('bob') }
  alice.calls('bob')
  expect(alice.standing()).toEqual([{ ...call, state: 'ringing', here: true }])
  expect(phone.standing()).toEqual([{ ...call, state: 'ringing', here: false }])
  phone.accepts('alice')
  expect(phone.standing()).toEqual([{ ...call, state: 'established', here: true }])
  expect(laptop.standing()).toEqual([{ ...call, state: 'established', here: false }])
  alice.hangsUp('bob')
  expect([alice, phone, laptop].flatMap(each => each.standing())).toEqual([])
})

test('a call that is looked up rings for its caller and is nothing to its callee', () => {
  const { online, holdLookups } = world()
  const [alice, bob] = online('alice', 'bob')
  holdLookups()
  alice.calls('bob')
  expect(alice.standing()).toMatchObject([{ state: 'ringing', here: true }])
  expect(bob.standing()).toEqual([])
})

test('somebody who rings and calls has two', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob', 'carol')
  alice.calls('bob')
  bob.calls('carol')
  expect(bob.standing().map(each => [each.callId, each.here])).toEqual([
    ['call-2', true],
    ['call-1', false],
  ])
})

test('nobody knows of the calls of others, or of a device that is gone', () => {
  const { online, stranger } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  inCall(alice, bob)
  expect(carol.standing()).toEqual([])
  expect(stranger('alice').standing()).toEqual([])
})

test('presence is a device that is connected, and a call that one is in', () => {
  const { online, exchange, userId } = world()
  const [alice, bob] = online('alice', 'bob')
  const of = (person: string) => exchange.presence(userId(person))
  expect(of('alice')).toEqual({ reachable: true, inCall: false })
  inCall(alice, bob)
  expect(of('bob')).toEqual({ reachable: true, inCall: true })
  bob.losesSocket()
  expect(of('bob')).toEqual({ reachable: false, inCall: true })
  bob.logsOut()
  expect(of('bob')).toEqual({ reachable: false, inCall: false })
  expect(of('nobody')).toEqual({ reachable: false, inCall: false })
})

test('a device has an owner as long as it may come back', () => {
  const { online, exchange, userId, advance } = world()
  const [phone, laptop] = online('bob:phone', 'bob:laptop')
  expect(exchange.ownerOf(phone.id)).toBe(userId('bob'))
  expect(exchange.devicesOf(userId('bob'))).toEqual([phone.id, laptop.id])
  phone.losesSocket()
  expect(exchange.ownerOf(phone.id)).toBe(userId('bob'))
  advance(30_000)
  expect(exchange.ownerOf(phone.id)).toBeUndefined()
  expect(exchange.devicesOf(userId('bob'))).toEqual([laptop.id])
})

test('a renewed login is the one that a later device has to come by', () => {
  const { connect, exchange } = world()
  const [alice, bob] = [connect('alice'), connect('bob')]
  inCall(alice, bob)
  exchange.relogin(bob.id, 'renewed' as never)
  bob.losesSocket()
  expect(connect('bob').hangsUp('alice')).toBe('no_call')
  expect(connect('bob', { login: 'renewed' }).hangsUp('alice')).toBe('done')
})
