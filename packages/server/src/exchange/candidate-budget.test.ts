import { describe, expect, test } from 'vitest'
import { inCall, world } from './world.testing.js'

/** Two candidates a side and generation. */
function talking() {
  const its = world({ candidatesPerSide: 2 })
  const [alice, bob] = its.online('alice', 'bob')
  inCall(alice, bob)
  return { its, alice, bob }
}
const spend = (device: { sends(candidate: string, to: string): string }, to: string) =>
  ['1', '2', '3'].map(candidate => device.sends(candidate, to))
const all = ['done', 'done', 'rate_limited']

describe('how many candidates a side may give', () => {
  test('is counted for each side apart', () => {
    const { alice, bob } = talking()
    expect(spend(alice, 'bob')).toEqual(all)
    expect(spend(bob, 'alice')).toEqual(all)
  })

  test('begins anew for whoever offers, and for whoever accepts the offer', () => {
    const { alice, bob } = talking()
    spend(alice, 'bob')
    spend(bob, 'alice')
    alice.calls('bob')
    expect(spend(alice, 'bob')).toEqual(all)
    expect(bob.sends('4', 'alice')).toBe('rate_limited')
    bob.accepts('alice')
    expect(spend(bob, 'alice')).toEqual(all)
    expect(alice.sends('4', 'bob')).toBe('rate_limited')
  })

  test('does not begin anew for whoever denies it', () => {
    const { alice, bob } = talking()
    spend(bob, 'alice')
    alice.calls('bob')
    bob.denies('alice')
    expect(bob.sends('4', 'alice')).toBe('rate_limited')
  })

  test('counts what was held while it rang', () => {
    const its = world({ candidatesPerSide: 2 })
    const [alice, bob] = its.online('alice', 'bob')
    alice.calls('bob')
    expect(spend(alice, 'bob')).toEqual(all)
    expect(bob.sends('1', 'alice')).toBe('done')
    bob.accepts('alice')
    expect(alice.sends('4', 'bob')).toBe('rate_limited')
    expect(bob.sends('2', 'alice')).toBe('done')
    expect(bob.sends('3', 'alice')).toBe('rate_limited')
  })
})
