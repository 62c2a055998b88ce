import type { CallId, DeviceId, PhoneNumber } from '@switchboard/protocol'
import { describe, expect, test } from 'vitest'
import { createExchange } from './exchange.js'
import { options } from './play.testing.js'
import { inCall, world } from './world.testing.js'

/** Everything of these people moves to another exchange, and what that one then does about it. */
function moveTo(its: ReturnType<typeof world>, ...people: string[]) {
  const next = createExchange(options)
  const effects = people.flatMap(person => {
    const component = JSON.parse(
      JSON.stringify(its.exchange.pack(its.userId(person), its.now())),
    ) as ReturnType<typeof next.pack>
    return next.unpack(component, 0)
  })
  return { next, effects }
}

test('who is in no call moves alone, and nothing of it stays', () => {
  const its = world()
  its.online('alice', 'bob')
  const { next } = moveTo(its, 'alice')
  expect(its.exchange.counts()).toMatchObject({ devices: 1, members: 1 })
  expect(next.counts()).toMatchObject({ devices: 1, members: 1, calls: 0 })
  expect(next.numberOf(its.userId('alice'))).toBe(its.numberOf('alice'))
})

test('who is in a call moves with the other party and the call', () => {
  const its = world()
  const [alice, bob] = its.online('alice', 'bob', 'carol')
  inCall(alice, bob)
  const { next } = moveTo(its, 'bob')
  expect(its.exchange.counts()).toMatchObject({ calls: 0, devices: 1 })
  expect(next.counts()).toMatchObject({ calls: 1, devices: 2 })
  expect(next.standing(alice.id)).toMatchObject([{ state: 'established', here: true }])
  const said = next.hangUp(alice.id, { receiver: its.numberOf('bob'), callId: undefined }, 1)
  expect(said).toMatchObject({
    effects: [{ device: bob.id, tell: { kind: 'hangUp', cause: 'hung_up' } }, {}],
  })
})

test('a ring moves with its time, its forks and what they hold back', () => {
  const its = world()
  const [alice, bob] = its.online('alice', 'bob')
  alice.calls('bob')
  bob.sends('held', 'alice')
  its.advance(options.ringTimeoutMs - 10)
  const { next } = moveTo(its, 'alice')
  expect(next.nextDeadline()).toBe(10)
  const about = { receiver: its.numberOf('alice'), callId: undefined }
  const said = next.answer(bob.id, about, 'accept', '"answer"' as never, 5)
  expect(said).toMatchObject({
    effects: [
      { device: alice.id, tell: { kind: 'callResponse' } },
      { device: alice.id, tell: { kind: 'candidate', candidate: 'held' } },
      {},
    ],
  })
})

test('of two calls that rang one user in different places the one placed first goes on, and the other seat is free', () => {
  const [here, there] = [world(), world()]
  const [alice] = here.online('alice', 'bob')
  const [carol] = there.online('carol', 'bob:other')
  alice.calls('bob')
  there.advance(5)
  carol.calls('bob')
  const component = here.exchange.pack(here.userId('alice'), here.now() - 10)
  // The very same id in both: the second call needs its own.
  const renamed = JSON.parse(JSON.stringify(component).replaceAll('"call-1"', '"call-0"')) as typeof component
  const effects = there.exchange.unpack(renamed, there.now())
  const ends = effects.flatMap(effect =>
    effect.kind === 'record' && effect.call.state === 'ended'
      ? [`${effect.call.id} ${effect.call.cause}`]
      : [],
  )
  expect(ends).toHaveLength(1)
  const [over = ''] = ends
  const [freed, ringing] = over.startsWith('call-0') ? [alice, carol] : [carol, alice]
  expect(over.endsWith('busy')).toBe(true)
  expect(there.exchange.isSeated(freed.id)).toBe(false)
  expect(there.exchange.isSeated(ringing.id)).toBe(true)
})

test('a user who is wanted by its caller is free, busy, or has called first', () => {
  const its = world()
  const [alice, bob] = its.online('alice', 'bob', 'carol')
  const by = (person: string, callId: string, placedAt: number) => ({
    callId: callId as CallId,
    callerNumber: its.numberOf(person) as PhoneNumber,
    placedAt,
  })
  const availability = (person: string, wanted: ReturnType<typeof by>) =>
    its.exchange.availability(its.userId(person), wanted)
  expect(availability('nobody', by('alice', 'x', 0))).toBe('nobody')
  expect(availability('bob', by('alice', 'x', 0))).toBe('free')
  its.holdLookups()
  its.advance(100)
  bob.calls('alice')
  expect(availability('bob', by('alice', 'x', its.now() - 1))).toBe('free')
  expect(availability('bob', by('alice', 'x', its.now() + 1))).toBe('earlier')
  expect(availability('bob', by('carol', 'x', its.now() - 1))).toBe('busy')
  its.locate('call-1')
  expect(availability('alice', by('carol', 'x', 0))).toBe('busy')
  expect(alice.heard()).toEqual(['call from bob'])
})

test('who is away keeps what is left of its window, beside those whose windows end sooner or later', () => {
  const { resumeWindowMs } = options
  const [sooner, between, later] = [world(), world(), world()]
  const away = (its: ReturnType<typeof world>, name: string, sinceMs: number) => {
    const [phone] = its.online(name)
    phone?.losesSocket()
    its.advance(sinceMs)
    return its.exchange.pack(its.userId(name), its.now())
  }
  const next = createExchange(options)
  next.unpack(away(between, 'bob', 20), 1_000)
  next.unpack(away(sooner, 'alice', 30), 1_000)
  next.unpack(away(later, 'carol', 10), 1_000)
  const deadlines = [30, 20, 10].map(sinceMs => {
    const at = next.nextDeadline()
    expect(at).toBe(1_000 + resumeWindowMs - sinceMs)
    return next.tick(at as number).map(effect => effect.kind)
  })
  expect(deadlines).toEqual([['forget'], ['forget'], ['forget']])
  expect(next.nextDeadline()).toBeUndefined()
})

test('a call that is being looked up is written and looked up where it comes', () => {
  const its = world()
  const [alice] = its.online('alice', 'bob')
  its.holdLookups()
  alice.calls('bob')
  const { next, effects } = moveTo(its, 'alice')
  expect(effects).toMatchObject([
    { kind: 'record', call: { state: 'locating' } },
    { kind: 'locate', callerId: its.userId('alice'), number: its.numberOf('bob') },
  ])
  expect(next.isIdle(its.userId('alice'))).toBe(false)
  expect(next.callsOf(its.userId('alice'))).toEqual(['call-1'])
  expect(next.wantedFor('call-1' as CallId)).toMatchObject({ callerNumber: its.numberOf('alice') })
})

test('a call to somebody who is in a call elsewhere ends as busy, and frees its caller', () => {
  const its = world()
  const [alice] = its.online('alice')
  its.holdLookups()
  alice.calls('bob')
  its.perform(its.exchange.busyElsewhere('call-1' as CallId, its.userId('bob'), its.now()))
  expect(alice.heard()).toEqual(['HangUp busy from bob'])
  expect(its.exchange.isSeated(alice.id)).toBe(false)
  expect(its.exchange.wantedFor('call-1' as CallId)).toBeUndefined()
  expect(its.exchange.busyElsewhere('call-1' as CallId, its.userId('bob'), its.now())).toEqual([])
})

test('devices go together by the calls that tie their users', () => {
  const its = world()
  const [alice, bob, tablet, carol] = its.online('alice', 'bob', 'bob:tablet', 'carol')
  inCall(alice, bob)
  const tied = (person: string) => [...its.exchange.devicesTied(its.userId(person))].sort()
  expect(tied('alice')).toEqual([alice.id, bob.id, tablet.id].sort())
  expect(tied('bob')).toEqual(tied('alice'))
  expect(tied('carol')).toEqual([carol.id])
  expect(its.exchange.isIdle(its.userId('carol'))).toBe(true)
})

test('of two calls placed in the same moment that cross, one waits for the other', () => {
  const its = world()
  const [, bob] = its.online('alice', 'bob')
  its.holdLookups()
  bob.calls('alice')
  const by = (callId: string) =>
    its.exchange.availability(its.userId('bob'), {
      callId: callId as CallId,
      callerNumber: its.numberOf('alice') as PhoneNumber,
      placedAt: its.now(),
    })
  expect([by('call-0'), by('call-2')]).toEqual(['free', 'earlier'])
})

describe('a call that two exchanges had, with another device of alice in each', () => {
  function merged(isThere: boolean) {
    const its = world()
    const [alice, bob] = its.online('alice', 'bob')
    inCall(alice, bob)
    const text = JSON.stringify(its.exchange.pack(its.userId('alice'), its.now()))
    const [known, coming] = [JSON.parse(text), JSON.parse(text.replaceAll(`"${alice.id}"`, '"later"'))]
    if (!isThere) {
      for (const { devices } of known.members)
        for (const device of devices) Object.assign(device, { attached: false, awayUntil: 1_000 })
    }
    const next = createExchange(options)
    next.unpack(known, 0)
    next.unpack(coming, 0)
    return { next, alice: alice.id, later: 'later' as DeviceId, bob: its.numberOf('bob') }
  }

  test('goes on at the one that is there, when the other is away', () => {
    const { next, alice, later, bob } = merged(false)
    expect([alice, later].map(next.isSeated)).toEqual([false, true])
    expect(next.hangUp(later, { receiver: bob, callId: undefined }, 1)).not.toHaveProperty('refused')
    expect(next.isSeated(later)).toBe(false)
  })

  test('stays where it is known: the other has no seat, and may call', () => {
    const { next, alice, later } = merged(true)
    expect([alice, later].map(next.isSeated)).toEqual([true, false])
  })
})
