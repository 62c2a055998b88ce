import { describe, expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

test('the number alone names the call, as the seed’s messages do', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  expect(alice.sends('1', 'bob')).toBe('done')
  expect(bob.sends('2', 'alice')).toBe('done')
  expect(bob.accepts('alice')).toBe('done')
  expect(alice.sends('3', 'bob')).toBe('done')
  expect(bob.hangsUp('alice')).toBe('done')
})

test('with a CALL_ID both have to be right', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob', 'carol')
  alice.calls('bob')
  for (const callId of ['call-2', '']) {
    expect(bob.accepts('alice', { callId })).toBe('no_call')
    expect(bob.denies('alice', { callId })).toBe('no_call')
    expect(alice.sends('1', 'bob', { callId })).toBe('no_call')
    expect(alice.hangsUp('bob', { callId })).toBe('no_call')
  }
  expect(bob.accepts('carol', { callId: 'call-1' })).toBe('no_call')
  expect(alice.hangsUp('carol', { callId: 'call-1' })).toBe('no_call')
  expect(bob.accepts('alice', { callId: 'call-1' })).toBe('done')
  expect(alice.hangsUp('bob', { callId: 'call-1' })).toBe('done')
})

test('a message that names a call which is over does not touch the next one', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  alice.hangsUp('bob')
  inCall(alice, bob)
  expect(bob.hangsUp('alice', { callId: 'call-1' })).toBe('no_call')
  expect(alice.sends('1', 'bob', { callId: 'call-1' })).toBe('no_call')
  expect(alice.calls('bob', { callId: 'call-1' })).toBe('no_call')
  expect(bob.sends('2', 'alice', { callId: 'call-2' })).toBe('done')
})

test('a renegotiation may name its call; another one’s id is no call', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  expect(alice.calls('bob', { callId: 'call-1' })).toBe('done')
  expect(alice.calls('bob', { callId: 'call-7' })).toBe('no_call')
  expect(bob.accepts('alice', { callId: 'call-7' })).toBe('no_call')
  expect(bob.accepts('alice', { callId: 'call-1' })).toBe('done')
})

test('between two calls the number decides', () => {
  const { online } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  alice.calls('bob')
  bob.calls('carol')
  carol.accepts('bob')
  for (const each of [alice, bob, carol]) each.heard()
  bob.sends('"to carol"', 'carol')
  bob.sends('"to alice"', 'alice')
  expect(carol.heard()).toEqual(['candidate "to carol" from bob'])
  expect(alice.heard()).toEqual([])
  bob.hangsUp('carol')
  expect(alice.heard()).toEqual([])
  expect(bob.accepts('alice')).toBe('done')
  expect(alice.heard()).toEqual(['accept from bob', 'candidate "to alice" from bob'])
})

test('where the pair of numbers is ambiguous an answer means the call that rings, all else one’s own', () => {
  const its = world()
  const [alice, bob] = its.online('alice', 'bob')
  alice.calls('bob')
  its.holdLookups()
  bob.calls('alice')
  expect(bob.denies('alice')).toBe('done')
  its.locate('call-2')
  expect(alice.heardByCall()).toEqual([
    'call-1: ringing at bob',
    'call-1: deny from bob',
    'call-2: call from bob',
  ])
  expect(bob.hangsUp('alice')).toBe('done')
  expect(alice.heardByCall()).toEqual(['call-2: HangUp cancelled from bob'])
})

describe('only the two devices of a call act in it', () => {
  test('a stranger does not, whatever it names', () => {
    const { online } = world()
    const [alice, bob, mallory] = online('alice', 'bob', 'mallory')
    alice.calls('bob')
    for (const said of [{}, { callId: 'call-1' }]) {
      for (const to of ['alice', 'bob', 'mallory']) {
        expect(mallory.accepts(to, said)).toBe('no_call')
        expect(mallory.denies(to, said)).toBe('no_call')
        expect(mallory.sends('1', to, said)).toBe('no_call')
        expect(mallory.hangsUp(to, said)).toBe('no_call')
      }
    }
    expect(mallory.heard()).toEqual([])
    expect(alice.heard()).toEqual(['ringing at bob'])
    expect(bob.heard()).toEqual(['call from alice'])
  })

  test('nor do other devices of the two', () => {
    const { online } = world()
    const [alice, bob, alices, bobs] = online('alice', 'bob', 'alice:other', 'bob:other')
    alice.calls('bob')
    expect(alices.hangsUp('bob')).toBe('no_call')
    expect(alices.sends('1', 'bob', { callId: 'call-1' })).toBe('no_call')
    bob.accepts('alice')
    for (const each of [alice, bob, bobs]) each.heard()
    expect(bobs.hangsUp('alice', { callId: 'call-1' })).toBe('no_call')
    expect(bobs.sends('2', 'alice')).toBe('no_call')
    expect(alices.hangsUp('bob')).toBe('no_call')
    expect([alice, bob, alices, bobs].flatMap(each => each.heard())).toEqual([])
  })

  test('nor a device that is not connected any more', () => {
    const { online } = world()
    const [alice, bob] = online('alice', 'bob')
    inCall(alice, bob)
    bob.logsOut()
    expect(bob.sends('1', 'alice', { callId: 'call-1' })).toBe('no_call')
    expect(bob.hangsUp('alice')).toBe('no_call')
    expect(bob.accepts('alice')).toBe('no_call')
  })
})
