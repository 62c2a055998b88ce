import type { CallId } from '@switchboard/protocol'
import { expect, test } from 'vitest'
import { world } from './world.testing.js'

test('a call rings every device of the callee and the caller hears so once', () => {
  const { online } = world()
  const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
  alice.calls('bob')
  expect(alice.heard()).toEqual(['ringing at bob'])
  expect(phone.heard()).toEqual(['call from alice'])
  expect(laptop.heard()).toEqual(['call from alice'])
})

test('what a device is told has the numbers, the offer unchanged and the age of the call', () => {
  const { online, numberOf, holdLookups, advance, locate } = world()
  const [alice, bob] = online('alice', 'bob')
  holdLookups()
  alice.calls('bob', { sdp: '{"type":"offer","sdp":"v=0\\r\\n"}' })
  advance(12)
  locate('call-1')
  const parties = { callId: 'call-1', sender: numberOf('alice'), receiver: numberOf('bob') }
  expect(bob.heardExactly()).toEqual([
    { kind: 'call', ...parties, sdp: '{"type":"offer","sdp":"v=0\\r\\n"}', ageMs: 12, rings: true },
  ])
  expect(alice.heardExactly()).toEqual([{ kind: 'ringing', callId: 'call-1', receiver: numberOf('bob') }])
})

test('a device that connects while it rings is rung as well, and hears how old the call is', () => {
  const { online, connect, advance } = world()
  const [alice] = online('alice', 'bob:phone')
  alice.calls('bob')
  alice.heard()
  advance(5_000)
  const laptop = connect('bob:laptop')
  expect(laptop.heardExactly()).toMatchObject([{ kind: 'call', ageMs: 5_000 }])
  expect(alice.heard()).toEqual([])
})

test('a device that comes back while it rings is not rung twice', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  bob.heard()
  bob.losesSocket()
  bob.resumes()
  expect(bob.heard()).toEqual([])
  expect(bob.accepts('alice')).toBe('done')
})

test('a number that is nobody’s is unavailable, and so is somebody without a device', () => {
  const { online, numberOf, locate, ended } = world()
  const [alice] = online('alice')
  alice.calls('nobody')
  expect(alice.heardExactly()).toEqual([
    {
      kind: 'hangUp',
      callId: 'call-1',
      sender: numberOf('nobody'),
      receiver: numberOf('alice'),
      cause: 'unavailable',
    },
  ])
  alice.calls('bob')
  locate('call-2')
  expect(alice.heard()).toEqual(['HangUp unavailable from bob'])
  expect(ended()).toEqual(['call-1 unavailable', 'call-2 unavailable'])
})

test('somebody without a device keeps the missed call in the history', () => {
  const { online, numberOf, written, userId } = world()
  const [alice] = online('alice')
  numberOf('bob')
  alice.calls('bob')
  expect(written('call-1')).toMatchObject({ state: 'ended', callee: userId('bob'), cause: 'unavailable' })
})

test('a lookup that comes too late, or twice, changes nothing', () => {
  const { online, holdLookups, locate, exchange } = world()
  const [alice, bob] = online('alice', 'bob')
  holdLookups()
  alice.calls('bob')
  alice.hangsUp('bob')
  locate('call-1', 'bob')
  expect(bob.heard()).toEqual([])
  expect(exchange.counts().calls).toBe(0)

  alice.calls('bob')
  locate('call-2')
  locate('call-2', 'bob')
  expect(bob.heard()).toEqual(['call from alice'])
  bob.accepts('alice')
  locate('call-2', 'bob')
  expect(bob.heard()).toEqual([])
})

test('a device that is not connected cannot call', () => {
  const { stranger } = world()
  expect(stranger('alice').calls('bob')).toBe('not_connected')
})

test('that a device has got a ring is written while it rings, and of nobody else', () => {
  const { online, exchange } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  const id = 'call-1' as CallId
  expect(exchange.rang(bob.id, id)).toMatchObject([
    { kind: 'record', call: { id }, trace: { kind: 'acknowledged', device: bob.id } },
  ])
  expect(exchange.rang(alice.id, id)).toEqual([])
  expect(exchange.rang(bob.id, 'call-2' as CallId)).toEqual([])
  bob.accepts('alice')
  expect(exchange.rang(bob.id, id)).toEqual([])
})
