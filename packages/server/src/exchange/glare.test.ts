import { describe, expect, test } from 'vitest'
import { type Phone, type World, world } from './world.testing.js'

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

test('a call that reaches nobody takes no other with it', () => {
  const [{ perform, exchange, locate, now, ended }, alice, bob] = crossing()
  locate('call-2')
  perform(exchange.located('call-1' as never, undefined, now())) // Bob does not admit Alice, say
  expect(alice.heardByCall()).toEqual(['call-2: call from bob', 'call-1: HangUp unavailable from bob'])
  expect(alice.accepts('bob')).toBe('done')
  expect(bob.heard()).toEqual(['ringing at alice', 'accept from alice'])
  expect(ended()).toEqual(['call-1 unavailable'])
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
