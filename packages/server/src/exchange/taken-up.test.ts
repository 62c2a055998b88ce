import type { DeviceId } from '@switchboard/protocol'
import { expect, test } from 'vitest'
import type { Restored } from './restore.js'
import { inCall, options, type World, world } from './world.testing.js'

const { ringTimeoutMs: ring, resumeWindowMs: window } = options

/** A fresh world that takes these calls of another one up, in the order given. */
function takenUp(from: World, ...ids: string[]) {
  const its = world()
  const restored = ids.map(id => ({ call: from.written(id), standIn: `stand-in of ${id}` })) as Restored[]
  for (const name of ['alice', 'bob', 'carol', 'dave']) its.numberOf(name)
  its.perform(its.exchange.restore(structuredClone(restored), from.now()))
  return its
}

test('calls end when they are due, whatever order they come back in', () => {
  const before = world()
  const [alice, , carol] = before.online('alice', 'bob', 'carol', 'dave')
  alice.calls('bob')
  before.advance(20_000)
  carol.calls('dave')
  const its = takenUp(before, 'call-2', 'call-1')
  const restored = its.effects.flatMap(effect => (effect.kind === 'record' ? [effect.call.id] : []))
  expect(restored).toEqual(['call-1', 'call-2'])
  expect(its.exchange.nextDeadline()).toBe(before.now() + window)
  its.perform(its.exchange.tick(1_000 + ring))
  expect(its.ended().find(line => line.startsWith('call-1'))).toBeDefined()
})

test('only the devices that were rung are there again; one stands in where none was', () => {
  const before = world()
  const [alice] = before.online('alice', 'bob', 'bob:laptop')
  alice.calls('bob')
  const rung = takenUp(before, 'call-1')
  expect(rung.exchange.devicesOf(rung.userId('bob'))).toEqual([
    ...before.exchange.devicesOf(before.userId('bob')),
  ])
  expect(rung.exchange.devicesOf(rung.userId('alice'))).toEqual([alice.id])

  const waiting = world()
  const [carol, dave] = waiting.online('carol', 'dave')
  dave.losesSocket()
  carol.calls('dave')
  const its = takenUp(waiting, 'call-1')
  expect(its.exchange.devicesOf(its.userId('dave'))).toEqual(['stand-in of call-1'])
  its.advance(window)
  expect(its.exchange.counts()).toEqual({ calls: 0, devices: 0, members: 0, deadlines: 0 })
})

test('the number is looked up again only for a call that was being looked up', () => {
  const before = world()
  const [alice, , carol, dave] = before.online('alice', 'bob', 'carol', 'dave')
  alice.calls('bob')
  inCall(carol, dave)
  const locates = (its: World) =>
    its.effects.flatMap(effect => (effect.kind === 'locate' ? [effect.callId] : []))
  expect(locates(takenUp(before, 'call-1', 'call-2'))).toEqual([])

  const looking = world()
  const [erin] = looking.online('erin')
  looking.holdLookups()
  erin.calls('bob')
  const its = takenUp(looking, 'call-1')
  expect(locates(its)).toEqual(['call-1'])
})

test('an established call comes back as it was', () => {
  const before = world()
  const [alice, bob] = before.online('alice', 'bob')
  inCall(alice, bob)
  const its = takenUp(before, 'call-1')
  expect(its.written('call-1')).toEqual(before.written('call-1'))
  expect(its.exchange.isSeated(alice.id)).toBe(true)
  expect(its.exchange.isSeated(bob.id)).toBe(true)
  expect(its.exchange.isSeated('nobody' as DeviceId)).toBe(false)
})

test('a ringing one has its deadline and its callee, and seats its caller alone', () => {
  const before = world()
  const [alice, bob] = before.online('alice', 'bob')
  alice.calls('bob')
  const its = takenUp(before, 'call-1')
  expect(its.written('call-1')).toEqual(before.written('call-1'))
  expect(its.exchange.isSeated(alice.id)).toBe(true)
  expect(its.exchange.isSeated(bob.id)).toBe(false)
  expect(its.exchange.counts()).toEqual({ calls: 1, devices: 2, members: 2, deadlines: 3 })
})
