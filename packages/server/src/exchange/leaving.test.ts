import { describe, expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

describe('a device that logs out', () => {
  test('cancels the call it was placing', () => {
    const { online, holdLookups, locate, ended } = world()
    const [alice, bob] = online('alice', 'bob')
    holdLookups()
    alice.calls('bob')
    alice.logsOut()
    locate('call-1', 'bob')
    expect(bob.heard()).toEqual([])
    expect(ended()).toEqual(['call-1 cancelled'])
  })

  test('cancels the call that rings for it', () => {
    const { online, ended } = world()
    const [alice, bob] = online('alice', 'bob')
    alice.calls('bob')
    alice.heard()
    alice.logsOut()
    expect(bob.heard()).toEqual(['call from alice', 'HangUp cancelled from alice'])
    expect(alice.heard()).toEqual([])
    expect(ended()).toEqual(['call-1 cancelled'])
  })

  test.each([
    ['alice', 'bob'],
    ['bob', 'alice'],
  ])('hangs up the established call, %s leaving', (leaver, other) => {
    const { online, ended } = world()
    const [alice, bob] = online('alice', 'bob')
    inCall(alice, bob)
    const [one, two] = leaver === 'alice' ? [alice, bob] : [bob, alice]
    one.logsOut()
    expect(two.heard()).toEqual([`HangUp hung_up from ${leaver}`])
    expect(one.heard()).toEqual([])
    expect(two.hangsUp(other)).toBe('no_call')
    expect(ended()).toEqual(['call-1 hung_up'])
  })

  test('stops ringing while its siblings ring on', () => {
    const { online, ended } = world()
    const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
    alice.calls('bob')
    for (const each of [alice, phone, laptop]) each.heard()
    phone.logsOut()
    expect([alice, phone, laptop].flatMap(each => each.heard())).toEqual([])
    laptop.accepts('alice')
    expect(phone.heard()).toEqual([])
    expect(ended()).toEqual([])
  })

  test('leaves the caller with unavailable when it was the last', () => {
    const { online, ended, exchange } = world()
    const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
    alice.calls('bob')
    alice.heard()
    phone.logsOut()
    laptop.logsOut()
    expect(alice.heard()).toEqual(['HangUp unavailable from bob'])
    expect(ended()).toEqual(['call-1 unavailable'])
    expect(exchange.counts()).toEqual({ calls: 0, devices: 1, members: 1, deadlines: 0 })
  })

  test('leaves the ring to one that is away', () => {
    const { online, ended } = world()
    const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
    laptop.losesSocket()
    alice.calls('bob')
    phone.logsOut()
    expect(ended()).toEqual([])
    laptop.resumes()
    expect(laptop.accepts('alice')).toBe('done')
    expect(alice.heard()).toEqual(['ringing at bob', 'accept from bob'])
  })

  test('ends a call that waited for it while it was away', () => {
    const { online, ended } = world()
    const [alice, bob] = online('alice', 'bob')
    bob.losesSocket()
    alice.calls('bob')
    bob.logsOut()
    expect(alice.heard()).toEqual(['HangUp unavailable from bob'])
    expect(ended()).toEqual(['call-1 unavailable'])
  })

  test('takes the call along that it calls and the one that rings it', () => {
    const { online, ended } = world()
    const [alice, bob, carol] = online('alice', 'bob', 'carol')
    alice.calls('bob')
    bob.calls('carol')
    bob.logsOut()
    expect(ended()).toEqual(['call-2 cancelled', 'call-1 unavailable'])
    expect(carol.heard()).toEqual(['call from bob', 'HangUp cancelled from bob'])
    expect(alice.heard()).toEqual(['ringing at bob', 'HangUp unavailable from bob'])
  })

  test('is forgotten once', () => {
    const { online, forgotten, exchange } = world()
    const [alice] = online('alice')
    alice.logsOut()
    alice.logsOut()
    alice.losesSocket()
    alice.resumes()
    expect(forgotten()).toEqual([alice.id])
    expect(exchange.counts()).toEqual({ calls: 0, devices: 0, members: 0, deadlines: 0 })
  })
})
