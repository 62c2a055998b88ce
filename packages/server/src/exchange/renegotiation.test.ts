import { describe, expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

describe.each([
  ['the caller', 'alice', 'bob'],
  ['the callee', 'bob', 'alice'],
])('a new offer of %s', (_, from, to) => {
  function offering() {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    inCall(alice, bob)
    const [one, other] = from === 'alice' ? [alice, bob] : [bob, alice]
    return { ...its, one, other }
  }

  test('reaches the other device under the same id and nothing rings', () => {
    const { one, other, advance, numberOf } = offering()
    advance(90_000)
    expect(one.calls(to, { sdp: '"more"' })).toBe('done')
    const parties = { callId: 'call-1', sender: numberOf(from), receiver: numberOf(to) }
    expect(other.heardExactly()).toEqual([{ kind: 'call', ...parties, sdp: '"more"', ageMs: 0 }])
    expect(one.heard()).toEqual([])
  })

  test('is answered by the other one, with accept or deny, and the call goes on', () => {
    const { one, other, numberOf, ended } = offering()
    const parties = { callId: 'call-1', sender: numberOf(to), receiver: numberOf(from) }
    one.calls(to)
    expect(other.accepts(from, { sdp: '"fine"' })).toBe('done')
    expect(one.heardExactly()).toEqual([
      { kind: 'callResponse', ...parties, response: 'accept', sdp: '"fine"' },
    ])
    one.calls(to)
    expect(other.denies(from)).toBe('done')
    expect(one.heardExactly()).toEqual([
      { kind: 'callResponse', ...parties, response: 'deny', sdp: undefined },
    ])
    expect(ended()).toEqual([])
    expect(one.sends('1', to)).toBe('done')
  })

  test('is answered once, and not by the one that made it', () => {
    const { one, other } = offering()
    one.calls(to)
    expect(one.accepts(to)).toBe('no_call')
    expect(other.accepts(from)).toBe('done')
    expect(other.accepts(from)).toBe('no_call')
  })

  test('has room for as many candidates as the first', () => {
    const its = world({ candidatesPerSide: 1 })
    const [alice, bob] = its.online('alice', 'bob')
    inCall(alice, bob)
    const one = from === 'alice' ? alice : bob
    expect(['1', '2'].map(each => one.sends(each, to))).toEqual(['done', 'rate_limited'])
    one.calls(to)
    expect(['3', '4'].map(each => one.sends(each, to))).toEqual(['done', 'rate_limited'])
  })
})

test('both may offer at once, and each answers the other', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  alice.calls('bob')
  bob.calls('alice')
  expect(bob.accepts('alice')).toBe('done')
  expect(alice.accepts('bob')).toBe('done')
  expect(alice.heard()).toEqual(['call from bob', 'accept from bob'])
  expect(bob.heard()).toEqual(['call from alice', 'accept from alice'])
})

test('there is nothing to answer without an offer', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  expect(alice.accepts('bob')).toBe('no_call')
  expect(bob.denies('alice')).toBe('no_call')
})

test('other devices of the two neither hear of it nor offer', () => {
  const { online } = world()
  const [alice, bob, alices, bobs] = online('alice', 'bob', 'alice:other', 'bob:other')
  inCall(alice, bob)
  bobs.heard()
  alice.calls('bob')
  expect([...alices.heard(), ...bobs.heard()]).toEqual([])
  expect(bobs.accepts('alice')).toBe('no_call')
  expect(alices.calls('bob', { callId: 'call-1' })).toBe('no_call')
})

test('an offer does not move the ring’s deadline or bring one back', () => {
  const { online, exchange } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  alice.calls('bob')
  expect(exchange.nextDeadline()).toBeUndefined()
})
