import { expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

test('a call goes on when a party changes its number, and the other one is told the new one', () => {
  const { online, renumber } = world()
  const [alice, bob] = online('alice', 'bob')
  inCall(alice, bob)
  renumber('alice', '555')
  alice.sends('1', 'bob')
  expect(bob.heardExactly()).toMatchObject([{ sender: '555' }])
  bob.sends('2', 'alice')
  expect(alice.heardExactly()).toMatchObject([{ receiver: '555' }])
  alice.hangsUp('bob')
  expect(bob.heardExactly()).toMatchObject([{ kind: 'hangUp', sender: '555' }])
})

test('within the call both the new number and the one of its beginning name the party', () => {
  const { online, renumber, numberOf, exchange, now } = world()
  const [alice, bob] = online('alice', 'bob')
  const before = { alice: numberOf('alice'), bob: numberOf('bob') }
  inCall(alice, bob)
  renumber('alice', '555')
  renumber('bob', '556')
  for (const receiver of [before.alice, '555' as never]) {
    const about = { receiver, callId: undefined }
    expect(exchange.candidate(bob.id, about, '1' as never)).toHaveProperty('effects')
  }
  for (const receiver of [before.bob, '556' as never]) {
    const about = { receiver, callId: undefined }
    expect(exchange.candidate(alice.id, about, '2' as never)).toHaveProperty('effects')
  }
  const about = { receiver: before.alice, callId: undefined }
  expect(exchange.hangUp(bob.id, about, now())).toHaveProperty('effects')
})

test('while it rings both hear the numbers of now', () => {
  const { online, renumber, connect } = world()
  const [alice, phone] = online('alice', 'bob:phone')
  alice.calls('bob')
  for (const each of [alice, phone]) each.heard()
  renumber('alice', '555')
  renumber('bob', '556')
  expect(connect('bob:laptop').heardExactly()).toMatchObject([{ sender: '555', receiver: '556' }])
  expect(phone.accepts('alice')).toBe('done')
  expect(alice.heardExactly()).toMatchObject([{ kind: 'callResponse', sender: '556', receiver: '555' }])
})

test('the new number is called at once and the old one reaches nobody', () => {
  const { online, renumber, numberOf, exchange } = world()
  const [alice, bob] = online('alice', 'bob')
  const old = numberOf('bob')
  renumber('bob', '556')
  expect(exchange.numberOf('user-bob' as never)).toBe('556')
  alice.calls('bob')
  expect(bob.heardExactly()).toMatchObject([{ kind: 'call', receiver: '556' }])
  alice.hangsUp('bob')
  alice.heard()
  renumber('nobody-any-more', `${old}`)
  alice.calls('nobody-any-more')
  expect(bob.heard()).toEqual(['HangUp cancelled from alice'])
})

test('what was written when the call began keeps the number of then', () => {
  const { online, renumber, numberOf, written } = world()
  const [alice, bob] = online('alice', 'bob')
  const before = numberOf('alice')
  alice.calls('bob')
  renumber('alice', '555')
  bob.accepts('alice')
  expect(written('call-1')).toMatchObject({ caller: { number: before } })
})

test('somebody who is not here has no number to change', () => {
  const { renumber, exchange } = world()
  renumber('bob', '556')
  expect(exchange.numberOf('user-bob' as never)).toBeUndefined()
  expect(exchange.counts().members).toBe(0)
})

test('crossing calls are in glare even when the caller has just changed its number', () => {
  const its = world()
  const [alice, bob] = its.online('alice', 'bob')
  const dialled = its.numberOf('alice')
  its.holdLookups()
  alice.calls('bob')
  its.advance(1)
  bob.calls('alice')
  its.renumber('alice', '555')
  its.locate('call-1')
  expect(bob.heard()).toEqual([`HangUp glare from someone at ${dialled}`, 'call from alice'])
})
