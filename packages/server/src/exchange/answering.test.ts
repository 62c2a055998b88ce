import { expect, test } from 'vitest'
import { world } from './world.testing.js'

test('the first accept wins and the other devices hear that it was answered elsewhere', () => {
  const { online } = world()
  const [alice, phone, laptop, tablet] = online('alice', 'bob:phone', 'bob:laptop', 'bob:tablet')
  alice.calls('bob')
  for (const each of [alice, phone, laptop, tablet]) each.heard()
  expect(laptop.accepts('alice')).toBe('done')
  expect(alice.heard()).toEqual(['accept from bob'])
  expect(phone.heard()).toEqual(['HangUp answered_elsewhere from alice'])
  expect(tablet.heard()).toEqual(['HangUp answered_elsewhere from alice'])
  expect(laptop.heard()).toEqual([])
})

test('a second accept or a late deny finds no call, and the call goes on', () => {
  const { online } = world()
  const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
  alice.calls('bob')
  phone.accepts('alice')
  alice.heard()
  expect(laptop.accepts('alice')).toBe('no_call')
  expect(laptop.denies('alice')).toBe('no_call')
  expect(phone.accepts('alice')).toBe('no_call')
  expect(alice.heard()).toEqual([])
  expect(alice.hangsUp('bob')).toBe('done')
})

test('the answer reaches the caller unchanged', () => {
  const { online, numberOf } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  alice.heard()
  bob.accepts('alice', { sdp: '{"type":"answer"}' })
  const parties = { callId: 'call-1', sender: numberOf('bob'), receiver: numberOf('alice') }
  expect(alice.heardExactly()).toEqual([
    { kind: 'callResponse', ...parties, response: 'accept', sdp: '{"type":"answer"}' },
  ])
})

test('an accept without an answer is refused and it rings on', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  expect(bob.acceptsBare('alice')).toBe('invalid_message')
  expect(bob.accepts('alice')).toBe('done')
})

test('a deny reaches the caller as a response and ends the ringing for all', () => {
  const { online, ended, exchange } = world()
  const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
  alice.calls('bob')
  for (const each of [alice, phone, laptop]) each.heard()
  expect(phone.denies('alice')).toBe('done')
  expect(alice.heard()).toEqual(['deny from bob'])
  expect(laptop.heard()).toEqual(['HangUp declined_elsewhere from alice'])
  expect(phone.heard()).toEqual([])
  expect(ended()).toEqual(['call-1 denied'])
  expect(exchange.counts()).toMatchObject({ calls: 0, deadlines: 0 })
})

test('a deny may carry an SDP, as the seed writes it, or none', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  alice.heard()
  bob.denies('alice', { sdp: '"no"' })
  expect(alice.heardExactly()).toMatchObject([{ response: 'deny', sdp: '"no"' }])
  alice.calls('bob')
  alice.heard()
  bob.denies('alice')
  expect(alice.heardExactly()).toMatchObject([{ response: 'deny', sdp: undefined }])
})

test('the caller cannot answer its own call', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  expect(alice.accepts('bob')).toBe('no_call')
  expect(alice.denies('bob')).toBe('no_call')
  expect(bob.accepts('alice')).toBe('done')
})

test('a device in a call of its own cannot take another one, its sibling can', () => {
  const { online } = world()
  const [alice, phone, laptop, carol] = online('alice', 'bob:phone', 'bob:laptop', 'carol')
  alice.calls('bob')
  phone.calls('carol')
  carol.accepts('bob')
  expect(phone.accepts('alice')).toBe('call_in_progress')
  expect(laptop.accepts('alice')).toBe('done')
  expect(phone.sends('"c"', 'carol')).toBe('done')
})

test('nothing can be answered before the lookup is done', () => {
  const { online, holdLookups } = world()
  const [alice, bob] = online('alice', 'bob')
  holdLookups()
  alice.calls('bob')
  expect(bob.accepts('alice', { callId: 'call-1' })).toBe('no_call')
})
