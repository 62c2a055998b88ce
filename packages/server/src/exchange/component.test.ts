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
