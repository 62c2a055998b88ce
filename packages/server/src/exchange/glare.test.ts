import { describe, expect, test } from 'vitest'
import { options, type Phone, type World, world } from './world.testing.js'

/** Alice calls Bob and then Bob calls Alice, both before either was looked up. */
function crossing(names: readonly [string, string] = ['alice', 'bob']): [World, Phone, Phone] {
  const its = world()
  const [alice, bob] = its.online(...names)
  its.holdLookups()
  alice.calls('bob')
  its.advance(1)
  bob.calls('alice')
  return [its, alice, bob]
}

test('who calls somebody whose call rings already hears glare and can still answer', () => {
  const { online, ended } = world()
  const [alice, bob] = online('alice', 'bob')
  alice.calls('bob')
  expect(bob.calls('alice')).toBe('done')
  expect(bob.heardByCall()).toEqual(['call-1: call from alice', 'call-2: HangUp glare from alice'])
  expect(alice.heardByCall()).toEqual(['call-1: ringing at bob'])
  expect(bob.accepts('alice')).toBe('done')
  expect(alice.heard()).toEqual(['accept from bob'])
  expect(ended()).toEqual(['call-2 glare'])
})

describe('of two calls that cross, the one taken first lives', () => {
  test('when it is located first; the other caller is free to answer at once', () => {
    const [{ locate, ended }, alice, bob] = crossing()
    locate('call-1')
    expect(bob.heardByCall()).toEqual(['call-2: HangUp glare from alice', 'call-1: call from alice'])
    expect(bob.accepts('alice')).toBe('done')
    locate('call-2')
    expect(alice.heardByCall()).toEqual(['call-1: ringing at bob', 'call-1: accept from bob'])
    expect(bob.heard()).toEqual([])
    expect(ended()).toEqual(['call-2 glare'])
  })

  test('when it is located last; the other one waits and never rings', () => {
    const [{ locate, ended }, alice, bob] = crossing()
    locate('call-2')
    locate('call-2', null) // an answer that comes twice counts once
    expect([...alice.heard(), ...bob.heard()]).toEqual([])
    locate('call-1')
    expect(alice.heardByCall()).toEqual(['call-1: ringing at bob'])
    expect(bob.heardByCall()).toEqual(['call-2: HangUp glare from alice', 'call-1: call from alice'])
    expect(bob.accepts('alice')).toBe('done')
    expect(ended()).toEqual(['call-2 glare'])
  })

  test('and an answer that comes twice does not look again at a call that waits', () => {
    const its = world()
    const [alice, alices, bob, bobs] = its.online('alice', 'alice:other', 'bob', 'bob:other', 'carol', 'dora')
    its.holdLookups()
    alices.calls('dora')
    bob.calls('alice')
    its.advance(1)
    alice.calls('bob')
    its.locate('call-1')
    its.locate('call-3') // waits for call-2
    bobs.calls('carol') // which makes Bob busy for it, as soon as anything is decided again
    const before = its.effects.length
    its.locate('call-1', 'bob')
    expect(its.effects.length).toBe(before)
    its.locate('call-4')
    expect(its.ended()).toEqual(['call-3 busy'])
  })

  test.each([
    ['is cancelled', 'call-1 cancelled'],
    ['loses its caller', 'call-1 cancelled'],
    ['reaches nobody', 'call-1 unavailable'],
    ['is never located', 'call-1 unavailable'],
  ])('unless it %s: then the other one rings', (how, end) => {
    const its = world()
    const [alice, alices, bob] = its.online('alice', 'alice:other', 'bob')
    its.holdLookups()
    alice.calls('bob')
    its.advance(1)
    bob.calls('alice')
    its.locate('call-2')
    if (how === 'is cancelled') alice.hangsUp('bob')
    if (how === 'loses its caller') alice.logsOut()
    if (how === 'reaches nobody') its.locate('call-1', null)
    if (how === 'is never located') its.advance(options.ringTimeoutMs - 1)
    expect(its.ended()).toEqual([end])
    expect(alices.heardByCall()).toEqual(['call-2: call from bob'])
    expect(alices.accepts('bob')).toBe('done')
    expect(bob.heard()).toEqual(['ringing at alice', 'accept from alice'])
  })

  test('and what waits ends like any other call', () => {
    const [its, alice, bob] = crossing()
    its.locate('call-2')
    bob.hangsUp('alice')
    its.locate('call-1')
    expect(alice.heard()).toEqual(['ringing at bob'])
    expect(bob.heard()).toEqual(['call from alice'])
    expect(its.ended()).toEqual(['call-2 cancelled'])
  })
})

test('every device of both sides is left with the call that lives', () => {
  const its = world()
  const [alice, alices, bob, bobs] = its.online('alice', 'alice:other', 'bob', 'bob:other')
  its.holdLookups()
  alice.calls('bob')
  its.advance(1)
  bob.calls('alice')
  its.locate('call-2')
  its.locate('call-1')
  expect(alices.heard()).toEqual([])
  expect(bobs.heardByCall()).toEqual(['call-1: call from alice'])
  bobs.accepts('alice')
  expect(bob.heardByCall()).toEqual([
    'call-2: HangUp glare from alice',
    'call-1: call from alice',
    'call-1: HangUp answered_elsewhere from alice',
  ])
})

test('a call that crosses one which was answered meanwhile ends in glare, too', () => {
  const its = world()
  const [alice, bob, bobs] = its.online('alice', 'bob', 'bob:other')
  alice.calls('bob')
  its.holdLookups()
  bob.calls('alice')
  its.advance(1)
  bobs.accepts('alice')
  its.locate('call-2')
  expect(bob.heardByCall()).toEqual([
    'call-1: call from alice',
    'call-1: HangUp answered_elsewhere from alice',
    'call-2: HangUp glare from alice',
  ])
  expect(alice.hangsUp('bob')).toBe('done')
})

test('a call to somebody who dials a third person is busy, not glare', () => {
  const its = world()
  const [alice, bob] = its.online('alice', 'bob', 'carol')
  its.holdLookups()
  bob.calls('carol')
  alice.calls('bob')
  its.locate('call-2')
  expect(alice.heard()).toEqual(['HangUp busy from bob'])
})

test('two people with a call have no second one, whoever dials', () => {
  const { online } = world()
  const [alice, alices, bob, bobs] = online('alice', 'alice:other', 'bob', 'bob:other')
  alice.calls('bob')
  bob.accepts('alice')
  for (const each of [alices, bobs]) each.heard()
  alices.calls('bob')
  bobs.calls('alice')
  expect(alices.heard()).toEqual(['HangUp busy from bob'])
  expect(bobs.heard()).toEqual(['HangUp busy from alice'])
})

test('the one who waits for a device that is away meets the call from there', () => {
  const { online } = world()
  const [alice, bob, bobs] = online('alice', 'bob', 'bob:other')
  bob.losesSocket()
  bobs.losesSocket()
  alice.calls('bob')
  bobs.resumes()
  bobs.heard()
  bobs.calls('alice')
  expect(bobs.heardByCall()).toEqual(['call-2: HangUp glare from alice'])
  bob.resumes()
  expect(bob.accepts('alice')).toBe('done')
})
