import type { CallId } from '@switchboard/protocol'
import { describe, expect, test } from 'vitest'
import { type World, world } from './world.testing.js'

/** The call rings, and neither party learns an address of the other (the screen of these tests marks what it passed). */
function screenedCall() {
  const its = world()
  const [alice, bob] = its.online('alice', 'bob')
  its.holdLookups()
  alice.calls('bob', { sdp: 'offer' })
  alice.sends('host 1', 'bob')
  alice.sends('relay 2', 'bob')
  its.perform(its.exchange.located('call-1' as CallId, its.userId('bob'), its.now(), { relayOnly: true }))
  return { its, alice, bob }
}
const sdpOf = (device: ReturnType<World['stranger']>) =>
  device.heardExactly().flatMap(tell => ('sdp' in tell ? [tell.sdp] : []))

describe('a call that shows no addresses', () => {
  test('rings with a screened offer, and of what came before with relays alone', () => {
    const { bob, its } = screenedCall()
    expect(bob.heardExactly()).toMatchObject([
      { kind: 'call', sdp: 'screened offer' },
      { kind: 'candidate', candidate: 'screened relay 2' },
    ])
    expect(its.written('call-1')).toMatchObject({
      relayOnly: true,
      offer: 'screened offer',
      callerCandidates: ['screened relay 2'],
    })
  })

  test('lets only relays through while it rings, from either side', () => {
    const { alice, bob } = screenedCall()
    bob.heard()
    expect(alice.sends('host 3', 'bob')).toBe('done')
    alice.sends('relay 4', 'bob')
    expect(bob.heard()).toEqual(['candidate screened relay 4 from alice'])
    expect(bob.sends('host 5', 'alice')).toBe('done')
    bob.sends('relay 6', 'alice')
    alice.heard()
    bob.accepts('alice', { sdp: 'answer' })
    expect(alice.heardExactly()).toMatchObject([
      { kind: 'callResponse', response: 'accept', sdp: 'screened answer' },
      { kind: 'candidate', candidate: 'screened relay 6' },
    ])
  })

  test('stays so when it is established, through renegotiation and to its end', () => {
    const { alice, bob, its } = screenedCall()
    bob.accepts('alice')
    alice.heard()
    bob.heard()
    expect(alice.sends('host 7', 'bob')).toBe('done')
    alice.sends('relay 8', 'bob')
    expect(bob.heard()).toEqual(['candidate screened relay 8 from alice'])
    bob.calls('alice', { sdp: 'again' })
    expect(sdpOf(alice)).toEqual(['screened again'])
    alice.accepts('bob', { sdp: 'yes' })
    expect(sdpOf(bob)).toEqual(['screened yes'])
    alice.hangsUp('bob')
    expect(its.written('call-1')).toMatchObject({ state: 'ended', relayOnly: true })
  })

  test('screens the words of a deny as well; a deny without any has none', () => {
    for (const [said, heard] of [
      [{ sdp: 'no' }, 'screened no'],
      [{}, undefined],
    ] as const) {
      const { alice, bob } = screenedCall()
      alice.heard()
      bob.denies('alice', said)
      expect(alice.heardExactly()).toMatchObject([{ kind: 'callResponse', response: 'deny', sdp: heard }])
    }
  })

  test('is the same call after a restart', () => {
    const { alice, bob, its } = screenedCall()
    its.restart({ after: 5 })
    alice.resumes()
    bob.resumes()
    bob.heard()
    alice.sends('host 9', 'bob')
    alice.sends('relay 10', 'bob')
    expect(bob.heard()).toEqual(['candidate screened relay 10 from alice'])
  })
})
