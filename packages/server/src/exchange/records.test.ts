import type { CallId, UserId } from '@switchboard/protocol'
import { describe, expect, test } from 'vitest'
import { inCall, options, type World, world } from './world.testing.js'

const { ringTimeoutMs: ring, resumeWindowMs: window } = options

/** What was written of a call, in order: its state at the time, what happened, at which device, and why. */
const storyOf = (its: World, id = 'call-1') =>
  its.effects.flatMap(effect => {
    if (effect.kind !== 'record' || effect.call.id !== id) return []
    const { call, trace } = effect
    const device = trace?.device?.split('#')[0]
    return [
      [call.state, trace?.kind ?? '-', device, trace?.detail].filter(word => word !== undefined).join(' '),
    ]
  })

const rungAt = ['locating placed alice', 'ringing located', 'ringing rung bob']

describe('the story of a call is written as it goes', () => {
  test('answered, renegotiated, hung up', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    inCall(alice, bob)
    bob.calls('alice')
    bob.hangsUp('alice')
    expect(storyOf(its)).toEqual([
      ...rungAt,
      'established accepted bob',
      'established renegotiated bob',
      'ended ended bob hung_up',
    ])
  })

  test('denied', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    alice.calls('bob')
    bob.denies('alice')
    expect(storyOf(its)).toEqual([...rungAt, 'ringing denied bob', 'ended ended bob denied'])
  })

  test('cancelled, refused by hanging up, and not answered', () => {
    for (const [end, line] of [
      [(alice: { hangsUp(on: string): string }) => alice.hangsUp('bob'), 'ended ended alice cancelled'],
      [(_: unknown, bob: { hangsUp(on: string): string }) => bob.hangsUp('alice'), 'ended ended bob denied'],
      [(_: unknown, __: unknown, its: World) => its.advance(ring), 'ended ended ring_timeout'],
    ] as const) {
      const its = world()
      const [alice, bob] = its.online('alice', 'bob')
      alice.calls('bob')
      end(alice, bob, its)
      expect(storyOf(its)).toEqual([...rungAt, line])
    }
  })

  test('why nobody was reached: nobody has the number, or no device of theirs is there', () => {
    const its = world()
    const [alice] = its.online('alice')
    its.holdLookups()
    alice.calls('bob')
    its.locate('call-1', null)
    alice.calls('carol')
    its.locate('call-2', 'carol')
    expect(storyOf(its)).toEqual(['locating placed alice', 'ended ended nobody'])
    expect(storyOf(its, 'call-2')).toEqual(['locating placed alice', 'ended ended no_device'])
    expect(its.written('call-1')).toMatchObject({ cause: 'unavailable', callee: undefined })
    expect(its.written('call-2')).toMatchObject({ cause: 'unavailable', callee: its.userId('carol') })
  })

  test('waited for, until the last device was gone', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    bob.losesSocket()
    alice.calls('bob')
    its.advance(window)
    expect(storyOf(its)).toEqual([
      'locating placed alice',
      'ringing located',
      'ringing waiting',
      'ended ended no_device',
    ])
  })

  test('somebody who is rung is not waited for', () => {
    const its = world()
    const [alice] = its.online('alice', 'bob')
    alice.calls('bob')
    expect(storyOf(its)).toEqual(rungAt)
  })

  test('a seat that moved to another device', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    inCall(alice, bob)
    bob.losesSocket()
    its.connect('bob:again', { login: 'login-bob' })
    expect(storyOf(its).at(-1)).toBe('established seat_moved bob:again')
  })

  test('lost with a party that stayed away', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    inCall(alice, bob)
    bob.losesSocket()
    its.advance(window)
    expect(storyOf(its).at(-1)).toBe('ended ended bob connection_lost')
  })

  test('taken up after a restart', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    inCall(alice, bob)
    its.restart({ after: 10 })
    expect(storyOf(its).at(-1)).toBe('established restored')
  })

  test('a candidate that is kept while it rings is written, without a line of its own', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    alice.calls('bob')
    alice.sends('1', 'bob')
    bob.sends('2', 'alice')
    expect(storyOf(its)).toEqual([...rungAt, 'ringing -', 'ringing -'])
    bob.accepts('alice')
    alice.sends('3', 'bob')
    expect(storyOf(its).at(-1)).toBe('established accepted bob')
  })
})

describe('what is known of a call at its end', () => {
  test('of one that was answered: when it rang, was answered and ended, and both seats', () => {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    const placedAt = its.now()
    bob.losesSocket()
    alice.calls('bob')
    its.advance(100)
    bob.resumes()
    alice.sends('{"candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host"}', 'bob')
    its.advance(200)
    bob.accepts('alice')
    bob.sends('{"candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ relay raddr 0.0.0.0"}', 'alice')
    its.advance(400)
    alice.hangsUp('bob')
    expect(its.written('call-1')).toEqual({
      state: 'ended',
      id: 'call-1',
      caller: {
        userId: its.userId('alice'),
        number: its.numberOf('alice'),
        device: alice.id,
        login: 'login-alice',
      },
      calleeSeat: {
        userId: its.userId('bob'),
        number: its.numberOf('bob'),
        device: bob.id,
        login: 'login-bob',
      },
      callee: its.userId('bob'),
      dialled: its.numberOf('bob'),
      relayOnly: false,
      placedAt,
      rangAt: placedAt + 100,
      answeredAt: placedAt + 300,
      endedAt: placedAt + 700,
      cause: 'hung_up',
      passed: {
        video: false,
        caller: { host: 1, srflx: 0, prflx: 0, relay: 0 },
        callee: { host: 0, srflx: 0, prflx: 0, relay: 1 },
      },
    })
  })

  test('of one that only rang: no answer, and nobody seated', () => {
    const its = world()
    const [alice] = its.online('alice', 'bob')
    const placedAt = its.now()
    alice.calls('bob')
    its.advance(50)
    alice.hangsUp('bob')
    expect(its.written('call-1')).toMatchObject({
      callee: its.userId('bob'),
      calleeSeat: undefined,
      rangAt: placedAt,
      answeredAt: undefined,
      endedAt: placedAt + 50,
    })
  })

  test('of one that was cancelled before anybody was found: no callee, and it never rang', () => {
    const its = world()
    const [alice] = its.online('alice', 'bob')
    its.holdLookups()
    alice.calls('bob')
    alice.hangsUp('bob')
    expect(its.written('call-1')).toMatchObject({ callee: undefined, rangAt: undefined, cause: 'cancelled' })
    its.perform(its.exchange.located('call-1' as CallId, 'user-bob' as UserId, its.now()))
    expect(storyOf(its)).toEqual(['locating placed alice', 'ended ended alice cancelled'])
  })
})

test('nothing is asked for but what there is a word for', () => {
  const its = world()
  const [alice, bob] = its.online('alice', 'bob')
  alice.losesSocket()
  alice.resumes()
  inCall(alice, bob)
  bob.hangsUp('alice')
  alice.calls('bob')
  its.restart({ after: 1 })
  bob.logsOut()
  its.advance(ring)
  const known = new Set(['tell', 'locate', 'record', 'inherit', 'displace', 'forget'])
  expect(its.effects.filter(effect => !known.has(effect.kind))).toEqual([])
})
