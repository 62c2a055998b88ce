import type { CallId } from '@switchboard/protocol'
import { describe, expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

const nothing = { calls: 0, deadlines: 0 }

describe('the caller hangs up', () => {
  test('while the callee is looked up: nobody ever hears of it', () => {
    const { online, holdLookups, locate, ended, exchange } = world()
    const [alice, bob] = online('alice', 'bob')
    holdLookups()
    alice.calls('bob')
    expect(alice.hangsUp('bob')).toBe('done')
    locate('call-1', 'bob')
    expect(bob.heard()).toEqual([])
    expect(alice.heard()).toEqual([])
    expect(ended()).toEqual(['call-1 cancelled'])
    expect(exchange.counts()).toMatchObject(nothing)
  })

  test('while it rings: cancelled for every device of the callee', () => {
    const { online, ended } = world()
    const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
    alice.calls('bob')
    for (const each of [alice, phone, laptop]) each.heard()
    expect(alice.hangsUp('bob')).toBe('done')
    expect(phone.heard()).toEqual(['HangUp cancelled from alice'])
    expect(laptop.heard()).toEqual(['HangUp cancelled from alice'])
    expect(alice.heard()).toEqual([])
    expect(ended()).toEqual(['call-1 cancelled'])
  })

  test('while the callee is waited for: it does not ring when it is back', () => {
    const { online, ended } = world()
    const [alice, bob] = online('alice', 'bob')
    bob.losesSocket()
    alice.calls('bob')
    alice.hangsUp('bob')
    bob.resumes()
    expect(bob.heard()).toEqual([])
    expect(ended()).toEqual(['call-1 cancelled'])
  })

  test('of an established call: hung_up for the callee', () => {
    const { online, ended, exchange } = world()
    const [alice, bob] = online('alice', 'bob')
    inCall(alice, bob)
    expect(alice.hangsUp('bob')).toBe('done')
    expect(bob.heard()).toEqual(['HangUp hung_up from alice'])
    expect(alice.heard()).toEqual([])
    expect(ended()).toEqual(['call-1 hung_up'])
    expect(exchange.counts()).toMatchObject(nothing)
  })
})

describe('the callee hangs up', () => {
  test('while it rings: denied, and declined_elsewhere for its other devices', () => {
    const { online, ended } = world()
    const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
    alice.calls('bob')
    for (const each of [alice, phone, laptop]) each.heard()
    expect(laptop.hangsUp('alice')).toBe('done')
    expect(alice.heard()).toEqual(['HangUp denied from bob'])
    expect(phone.heard()).toEqual(['HangUp declined_elsewhere from alice'])
    expect(laptop.heard()).toEqual([])
    expect(ended()).toEqual(['call-1 denied'])
  })

  test('of an established call: hung_up for the caller', () => {
    const { online, ended } = world()
    const [alice, bob] = online('alice', 'bob')
    inCall(alice, bob)
    expect(bob.hangsUp('alice')).toBe('done')
    expect(alice.heard()).toEqual(['HangUp hung_up from bob'])
    expect(ended()).toEqual(['call-1 hung_up'])
  })
})

test('a HangUp reaches the wire with the other party as its sender', () => {
  const { online, numberOf } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  alice.hangsUp('bob')
  const parties = { callId: 'call-1', sender: numberOf('alice'), receiver: numberOf('bob') }
  expect(bob.heardExactly()).toEqual([{ kind: 'hangUp', ...parties, cause: 'hung_up' }])
})

test('after the end nothing is delivered and nothing can be done', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  alice.hangsUp('bob')
  bob.heard()
  expect(bob.hangsUp('alice')).toBe('no_call')
  expect(alice.hangsUp('bob')).toBe('no_call')
  expect(alice.sends('"late"', 'bob')).toBe('no_call')
  expect(bob.sends('"late"', 'alice', { callId: 'call-1' })).toBe('no_call')
  expect(bob.accepts('alice')).toBe('no_call')
  expect(alice.calls('bob', { callId: 'call-1' })).toBe('no_call')
  expect([...alice.heard(), ...bob.heard()]).toEqual([])
})

test('both are free for another call at once', () => {
  const { online } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  inCall(alice, bob)
  bob.hangsUp('alice')
  expect(carol.calls('alice')).toBe('done')
  expect(carol.heard()).toEqual(['ringing at alice'])
  expect(bob.calls('carol')).toBe('done')
  expect(bob.heard()).toEqual(['HangUp busy from carol'])
})

describe('an operator ends it', () => {
  const end = (its: ReturnType<typeof world>, id = 'call-1') => {
    const effects = its.exchange.endByAdmin(id as CallId, its.now())
    its.perform(effects ?? [])
    return effects !== undefined
  }

  test('while it rings: everybody hears it, whoever else would have', () => {
    const its = world()
    const [alice, phone, laptop] = its.online('alice', 'bob:phone', 'bob:laptop')
    alice.calls('bob')
    for (const each of [alice, phone, laptop]) each.heard()
    expect(end(its)).toBe(true)
    for (const each of [phone, laptop]) expect(each.heard()).toEqual(['HangUp ended_by_admin from alice'])
    expect(alice.heard()).toEqual(['HangUp ended_by_admin from bob'])
    expect(its.ended()).toEqual(['call-1 ended_by_admin'])
    expect(its.exchange.counts()).toMatchObject(nothing)
  })

  test('once it is established: both; and it ends once', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    inCall(alice, bob)
    expect([end(its), end(its)]).toEqual([true, false])
    expect(alice.heard()).toEqual(['HangUp ended_by_admin from bob'])
    expect(bob.heard()).toEqual(['HangUp ended_by_admin from alice'])
    alice.calls('bob')
    expect(bob.heard()).toEqual(['call from alice'])
  })

  test('while the callee is looked up: nobody rings afterwards', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    its.holdLookups()
    alice.calls('bob')
    expect(end(its)).toBe(true)
    its.locate('call-1', 'bob')
    expect(alice.heard()).toEqual(['HangUp ended_by_admin from bob'])
    expect(bob.heard()).toEqual([])
    expect(its.exchange.counts()).toMatchObject(nothing)
  })
})
