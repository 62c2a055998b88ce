import { describe, expect, test } from 'vitest'
import { inCall, options, world } from './world.testing.js'

const { ringTimeoutMs: ring, resumeWindowMs: window } = options

describe('an established call', () => {
  function talking() {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    inCall(alice, bob)
    its.restart({ after: 1_000 })
    return { its, alice, bob }
  }

  test('is found again and its parties go on', () => {
    const { alice, bob, its } = talking()
    its.advance(window - 1)
    alice.resumes()
    bob.resumes()
    its.advance(window)
    alice.sends('1', 'bob')
    expect(bob.heard()).toEqual(['candidate 1 from alice'])
    bob.calls('alice')
    expect(alice.heard()).toEqual(['call from bob'])
    expect(alice.accepts('bob')).toBe('done')
    expect(alice.hangsUp('bob')).toBe('done')
    expect(its.ended()).toEqual(['call-1 hung_up'])
  })

  test('is lost when a party does not come back within the window', () => {
    const { alice, its } = talking()
    alice.resumes()
    its.advance(window - 1)
    expect(its.ended()).toEqual([])
    its.advance(1)
    expect(alice.heard()).toEqual(['HangUp connection_lost from bob'])
    expect(its.ended()).toEqual(['call-1 connection_lost'])
    expect(its.exchange.counts()).toEqual({ calls: 0, devices: 1, members: 1, deadlines: 0 })
  })

  test('goes on with fresh devices, by session or by login', () => {
    const { alice, bob, its } = talking()
    const freshAlice = its.connect('alice', { replaces: alice, login: 'another' })
    const freshBob = its.connect('bob', { login: 'login-bob' })
    expect(freshBob.sends('1', 'alice')).toBe('done')
    expect(freshAlice.heard()).toEqual(['candidate 1 from bob'])
    expect(bob.sends('2', 'alice')).toBe('no_call')
  })

  test('keeps both busy while they are away', () => {
    const { its } = talking()
    const [carol] = its.online('carol')
    carol.calls('alice')
    carol.calls('bob')
    expect(carol.heard()).toEqual(['HangUp busy from alice', 'HangUp busy from bob'])
  })
})

describe('a ringing call', () => {
  function ringing() {
    const its = world()
    const [alice, phone, laptop] = its.online('alice', 'bob:phone', 'bob:laptop')
    alice.calls('bob')
    alice.sends('1', 'bob')
    phone.sends('2', 'alice')
    for (const each of [alice, phone, laptop]) each.heard()
    its.restart({ after: 1_000 })
    return { its, alice, phone, laptop }
  }

  test('keeps its timeout', () => {
    const { alice, phone, laptop, its } = ringing()
    for (const each of [alice, phone, laptop]) each.resumes()
    its.advance(ring - 1_001)
    expect(alice.heard()).toEqual([])
    its.advance(1)
    expect(alice.heard()).toEqual(['HangUp no_answer from bob'])
    expect(phone.heard()).toEqual(['HangUp no_answer from alice'])
  })

  test('keeps its forks and what they held back; nothing rings twice', () => {
    const { alice, phone, laptop } = ringing()
    for (const each of [alice, phone, laptop]) each.resumes()
    expect([alice, phone, laptop].flatMap(each => each.heard())).toEqual([])
    phone.accepts('alice')
    expect(alice.heard()).toEqual(['accept from bob', 'candidate 2 from bob'])
    expect(laptop.heard()).toEqual(['HangUp answered_elsewhere from alice'])
  })

  test('rings a device that comes fresh, with offer and candidates', () => {
    const { its, alice } = ringing()
    const tablet = its.connect('bob:tablet')
    expect(tablet.heard()).toEqual(['call from alice', 'candidate 1 from alice'])
    alice.resumes()
    expect(alice.heard()).toEqual([])
  })

  test('is unavailable when nobody comes back, after the caller has', () => {
    const { alice, its } = ringing()
    alice.resumes()
    its.advance(window)
    expect(alice.heard()).toEqual(['HangUp unavailable from bob'])
    expect(its.ended()).toEqual(['call-1 unavailable'])
  })

  test('that outlasted its timeout while the server was down ends at once', () => {
    const its = world()
    const [alice] = its.online('alice', 'bob')
    alice.calls('bob')
    its.restart({ after: ring })
    its.advance(0)
    expect(its.ended()).toEqual(['call-1 no_answer'])
  })
})

test('a call that waited for a device goes on waiting', () => {
  const its = world()
  const [alice, bob] = its.online('alice', 'bob')
  bob.losesSocket()
  alice.calls('bob')
  its.restart({ after: 1_000 })
  alice.resumes()
  expect(its.exchange.presence(its.userId('bob'))).toEqual({ reachable: false, inCall: false })
  const fresh = its.connect('bob')
  expect(alice.heard()).toEqual(['ringing at bob'])
  expect(fresh.heard()).toEqual(['call from alice'])
})

describe('a call whose callee was being looked up', () => {
  function lookedUp() {
    const its = world()
    const [alice] = its.online('alice', 'bob')
    its.holdLookups()
    alice.calls('bob')
    its.restart({ after: 1_000 })
    alice.resumes()
    return { its, alice }
  }

  test('is looked up again, and waits for devices that had no time yet to come back', () => {
    const { its, alice } = lookedUp()
    its.advance(window - 1)
    expect(its.ended()).toEqual([])
    const fresh = its.connect('bob')
    expect(alice.heard()).toEqual(['ringing at bob'])
    expect(fresh.accepts('alice')).toBe('done')
    expect(its.written('call-1')).not.toHaveProperty('standIn')
  })

  test('is unavailable when nobody comes back', () => {
    const { its, alice } = lookedUp()
    its.advance(window)
    expect(alice.heard()).toEqual(['HangUp unavailable from bob'])
    expect(its.exchange.counts()).toEqual({ calls: 0, devices: 1, members: 1, deadlines: 0 })
  })
})

test('several calls keep the order of their deadlines', () => {
  const its = world()
  const everyone = its.online('alice', 'bob', 'carol', 'dave')
  const [alice, , carol] = everyone
  alice.calls('bob')
  its.advance(5_000)
  carol.calls('dave')
  its.restart({ after: 1_000 })
  for (const each of everyone) each.resumes()
  its.advance(ring - 6_000)
  expect(its.ended()).toEqual(['call-1 no_answer'])
  its.advance(5_000)
  expect(its.ended()).toEqual(['call-1 no_answer', 'call-2 no_answer'])
})
