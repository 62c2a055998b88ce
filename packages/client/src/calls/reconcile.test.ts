import type { CallStanding } from '@switchboard/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KnownCall, reconcile } from './reconcile.js'

const [me, other] = ['1234567890', '1212121212']
const ids = ['a', 'b', 'c', 'd']

const standing: fc.Arbitrary<CallStanding> = fc
  .record({ CALL_ID: fc.constantFrom(...ids), mine: fc.boolean(), ringing: fc.boolean(), HERE: fc.boolean() })
  .map(({ CALL_ID, mine, ringing, HERE }) => ({
    CALL_ID,
    SENDER_PHONE_NUMBER: mine ? me : other,
    RECEIVER_PHONE_NUMBER: mine ? other : me,
    STATE: ringing ? 'ringing' : 'established',
    HERE,
  }))
const standings = fc.uniqueArray(standing, { selector: each => each.CALL_ID })
const named: fc.Arbitrary<KnownCall> = fc.record({
  id: fc.constantFrom(...ids),
  direction: fc.constantFrom('outgoing', 'incoming'),
  answered: fc.boolean(),
  unsaid: fc.boolean(),
})
const unnamed: fc.Arbitrary<KnownCall> = fc.record({
  id: fc.constant(undefined),
  direction: fc.constant('outgoing'),
  answered: fc.constant(false),
  unsaid: fc.boolean(),
})
const known = fc
  .tuple(fc.uniqueArray(named, { selector: each => each.id }), fc.array(unnamed, { maxLength: 1 }))
  .map(all => all.flat())

const always = (holds: (all: readonly KnownCall[], given: readonly CallStanding[]) => void) =>
  fc.assert(fc.property(known, standings, holds), { numRuns: 1_000 })

describe('a connection that did not resume', () => {
  it('leaves no ghost: what goes on under an id is in CALLS', () =>
    always((all, given) => {
      for (const { call, is } of reconcile(all, given, me).verdicts) {
        if (call.id !== undefined && is !== 'over') expect(given.map(each => each.CALL_ID)).toContain(call.id)
      }
    }))

  it('judges every call that is known, once', () =>
    always((all, given) => {
      expect(new Set(reconcile(all, given, me).verdicts.map(({ call }) => call))).toEqual(new Set(all))
      expect(reconcile(all, given, me).verdicts).toHaveLength(all.length)
    }))

  it('takes up what is here and nobody knew, and nothing else', () =>
    always((all, given) => {
      const { unknown, verdicts } = reconcile(all, given, me)
      const claimed = verdicts.flatMap(each => (each.is === 'named' ? [each.standing] : []))
      for (const each of unknown) {
        expect(each.HERE).toBe(true)
        expect(all.map(({ id }) => id)).not.toContain(each.CALL_ID)
        expect(claimed).not.toContain(each)
      }
    }))

  it('a call that the server never heard of goes on, and is said again', () => {
    const call = { id: undefined, direction: 'outgoing', answered: false } as const
    expect(reconcile([{ ...call, unsaid: true }], [], me).verdicts).toMatchObject([{ is: 'kept' }])
    expect(reconcile([{ ...call, unsaid: false }], [], me).verdicts).toMatchObject([{ is: 'over' }])
  })

  it('a call that another device answered meanwhile is over here', () => {
    const call = { id: 'a', direction: 'incoming', answered: false, unsaid: false } as const
    const elsewhere: CallStanding = {
      CALL_ID: 'a',
      SENDER_PHONE_NUMBER: other,
      RECEIVER_PHONE_NUMBER: me,
      STATE: 'established',
      HERE: false,
    }
    expect(reconcile([call], [elsewhere], me)).toMatchObject({ verdicts: [{ is: 'over' }], unknown: [] })
    expect(reconcile([call], [{ ...elsewhere, HERE: true }], me).verdicts).toMatchObject([{ is: 'answered' }])
  })
})
