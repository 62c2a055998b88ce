import { expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

test('who is in a call is busy, whichever side of it, and hears nothing of the attempt', () => {
  const { online, ended } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  inCall(alice, bob)
  carol.calls('alice')
  carol.calls('bob')
  expect(carol.heard()).toEqual(['HangUp busy from alice', 'HangUp busy from bob'])
  expect([...alice.heard(), ...bob.heard()]).toEqual([])
  expect(ended()).toEqual(['call-2 busy', 'call-3 busy'])
})

test('all devices of somebody in a call are busy', () => {
  const { online } = world()
  const [alice, phone, laptop, carol] = online('alice', 'bob:phone', 'bob:laptop', 'carol')
  inCall(alice, phone)
  laptop.heard()
  carol.calls('bob')
  expect(carol.heard()).toEqual(['HangUp busy from bob'])
  expect(laptop.heard()).toEqual([])
})

test('who is being rung is busy', () => {
  const { online } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  alice.calls('bob')
  bob.heard()
  carol.calls('bob')
  expect(carol.heard()).toEqual(['HangUp busy from bob'])
  expect(bob.accepts('alice')).toBe('done')
})

test('who is waited for is busy to a second caller', () => {
  const { online } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  bob.losesSocket()
  alice.calls('bob')
  carol.calls('bob')
  expect(carol.heard()).toEqual(['HangUp busy from bob'])
  bob.resumes()
  expect(bob.heard()).toEqual(['call from alice'])
})

test('who dials is busy, from the first moment on', () => {
  const { online, holdLookups, locate } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  holdLookups()
  bob.calls('carol')
  alice.calls('bob')
  locate('call-2')
  expect(alice.heard()).toEqual(['HangUp busy from bob'])
  locate('call-1')
  expect(carol.heard()).toEqual(['call from bob'])
})

test('who is in a call is busy even while its device is away', () => {
  const { online } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  inCall(alice, bob)
  bob.losesSocket()
  carol.calls('bob')
  expect(carol.heard()).toEqual(['HangUp busy from bob'])
})

test('who calls itself is busy', () => {
  const { online } = world()
  const [phone, laptop] = online('alice:phone', 'alice:laptop')
  phone.calls('alice')
  expect(phone.heard()).toEqual(['HangUp busy from alice'])
  expect(laptop.heard()).toEqual([])
})

test('who is being rung may still call somebody else', () => {
  const { online } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  alice.calls('bob')
  expect(bob.calls('carol')).toBe('done')
  carol.accepts('bob')
  expect(bob.heard()).toEqual(['call from alice', 'ringing at carol', 'accept from carol'])
  bob.denies('alice')
  expect(alice.heard()).toEqual(['ringing at bob', 'deny from bob'])
  expect(bob.hangsUp('carol')).toBe('done')
})

test('a device in a call cannot place another', () => {
  const { online } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  alice.calls('bob')
  expect(alice.calls('carol')).toBe('call_in_progress')
  expect(alice.calls('bob')).toBe('call_in_progress')
  bob.accepts('alice')
  expect(bob.calls('carol')).toBe('call_in_progress')
  expect(carol.heard()).toEqual([])
})

test('three who call each other in a circle end with one call at most each', () => {
  const { online, holdLookups, locate, ended } = world()
  const [alice] = online('alice', 'bob', 'carol').map((phone, i, all) => {
    holdLookups()
    phone.calls(all[(i + 1) % 3]?.name ?? '')
    return phone
  })
  for (const id of ['call-1', 'call-2', 'call-3']) locate(id)
  expect(ended()).toEqual(['call-1 busy', 'call-2 busy'])
  expect(alice?.heard()).toEqual(['HangUp busy from bob', 'call from carol'])
})
