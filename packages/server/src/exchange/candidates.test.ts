import { describe, expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

describe("the caller's candidates", () => {
  test('reach every ringing device, in order, unchanged', () => {
    const { online, numberOf } = world()
    const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
    alice.calls('bob')
    alice.sends('{"candidate":"one"}', 'bob')
    alice.sends('null', 'bob')
    const words = ['call from alice', 'candidate {"candidate":"one"} from alice', 'candidate null from alice']
    expect(phone.heard()).toEqual(words)
    expect(laptop.heard()).toEqual(words)
    alice.sends('"two"', 'bob')
    const parties = { callId: 'call-1', sender: numberOf('alice'), receiver: numberOf('bob') }
    expect(phone.heardExactly()).toEqual([{ kind: 'candidate', ...parties, candidate: '"two"' }])
  })

  test('given before anybody rang follow the ring', () => {
    const { online, holdLookups, locate } = world()
    const [alice, bob] = online('alice', 'bob')
    holdLookups()
    alice.calls('bob')
    alice.sends('1', 'bob')
    alice.sends('2', 'bob')
    expect(bob.heard()).toEqual([])
    locate('call-1')
    expect(bob.heard()).toEqual(['call from alice', 'candidate 1 from alice', 'candidate 2 from alice'])
  })

  test('reach a device that connects while it rings, and one that comes back', () => {
    const { online, connect } = world()
    const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
    laptop.losesSocket()
    alice.calls('bob')
    alice.sends('1', 'bob')
    alice.sends('2', 'bob')
    const tablet = connect('bob:tablet')
    laptop.resumes()
    alice.sends('3', 'bob')
    const all = ['call from alice', ...['1', '2', '3'].map(each => `candidate ${each} from alice`)]
    expect(phone.heard()).toEqual(all)
    expect(tablet.heard()).toEqual(all)
    expect(laptop.heard()).toEqual(all)
  })

  test('go to the answering device alone after the answer', () => {
    const { online } = world()
    const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
    alice.calls('bob')
    phone.accepts('alice')
    for (const each of [phone, laptop]) each.heard()
    alice.sends('1', 'bob')
    expect(phone.heard()).toEqual(['candidate 1 from alice'])
    expect(laptop.heard()).toEqual([])
  })
})

describe("the callee's candidates", () => {
  test('are held until it accepts and follow its answer in order', () => {
    const { online } = world()
    const [alice, bob] = online('alice', 'bob')
    alice.calls('bob')
    bob.sends('1', 'alice')
    bob.sends('2', 'alice')
    expect(alice.heard()).toEqual(['ringing at bob'])
    bob.accepts('alice')
    bob.sends('3', 'alice')
    expect(alice.heard()).toEqual([
      'accept from bob',
      ...['1', '2', '3'].map(each => `candidate ${each} from bob`),
    ])
  })

  test('are those of the device that answered, never of another', () => {
    const { online } = world()
    const [alice, phone, laptop] = online('alice', 'bob:phone', 'bob:laptop')
    alice.calls('bob')
    phone.sends('"of the phone"', 'alice')
    laptop.sends('"of the laptop"', 'alice')
    laptop.accepts('alice')
    expect(phone.sends('"late"', 'alice')).toBe('no_call')
    expect(alice.heard()).toEqual(['ringing at bob', 'accept from bob', 'candidate "of the laptop" from bob'])
  })

  test.each(['denies', 'hangsUp'] as const)('never reach a caller that it %s', how => {
    const { online } = world()
    const [alice, bob] = online('alice', 'bob')
    alice.calls('bob')
    bob.sends('1', 'alice')
    bob[how]('alice')
    expect(alice.heard().filter(words => words.startsWith('candidate'))).toEqual([])
  })

  test('never reach a caller that it did not answer in time', () => {
    const { online, advance } = world()
    const [alice, bob] = online('alice', 'bob')
    alice.calls('bob')
    bob.sends('1', 'alice')
    advance(60_000)
    expect(alice.heard()).toEqual(['ringing at bob', 'HangUp no_answer from bob'])
  })
})

test('established, candidates pass both ways at once', () => {
  const { online } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  alice.sends('"a"', 'bob')
  bob.sends('"b"', 'alice')
  expect(bob.heard()).toEqual(['candidate "a" from alice'])
  expect(alice.heard()).toEqual(['candidate "b" from bob'])
})

test('without a call there is nowhere to send one', () => {
  const { online } = world()
  const [alice, bob, carol] = online('alice', 'bob', 'carol')
  expect(alice.sends('1', 'bob')).toBe('no_call')
  inCall(alice, bob)
  expect(carol.sends('1', 'alice')).toBe('no_call')
  expect(alice.sends('1', 'carol')).toBe('no_call')
})

describe('a side may give so many candidates', () => {
  const few = { candidatesPerSide: 2 }

  test('while it rings; what is beyond is refused and not delivered', () => {
    const { online, connect } = world(few)
    const [alice, bob] = online('alice', 'bob')
    alice.calls('bob')
    const results = ['1', '2', '3'].map(each => alice.sends(each, 'bob'))
    expect(results).toEqual(['done', 'done', 'rate_limited'])
    expect(connect('bob:late').heard()).toHaveLength(3)
    expect(['4', '5', '6'].map(each => bob.sends(each, 'alice'))).toEqual(['done', 'done', 'rate_limited'])
    alice.heard()
    bob.accepts('alice')
    expect(alice.heard()).toEqual(['accept from bob', 'candidate 4 from bob', 'candidate 5 from bob'])
  })

  test('in the whole call, answered or not', () => {
    const { online } = world(few)
    const [alice, bob] = online('alice', 'bob')
    alice.calls('bob')
    alice.sends('1', 'bob')
    bob.sends('2', 'alice')
    bob.accepts('alice')
    expect(['3', '4', '5'].map(each => alice.sends(each, 'bob'))).toEqual([
      'done',
      'rate_limited',
      'rate_limited',
    ])
    expect(['6', '7'].map(each => bob.sends(each, 'alice'))).toEqual(['done', 'rate_limited'])
  })
})
