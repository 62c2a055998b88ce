import { expectEqual, expectLike, expectTrue } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import type { Phone } from '../run/trial.js'
import type { Frame } from '../wire/socket.js'
import {
  candidates,
  establish,
  expectClosed,
  expectEnd,
  expectNoConnection,
  expectNothing,
  forked,
  isReason,
  phones,
  ring,
} from './scenes.js'

export const devices = casesOf('devices', [
  [
    'all-ring',
    '3, rule 1',
    'A call rings every device of the receiver, and the caller hears ringing once',
    async t => {
      const [caller, one, other] = await forked(t)
      await ring(caller, one, other)
      await expectNothing(caller, one, other)
    },
  ],
  [
    'first-accept-wins',
    '3, rule 1',
    'The first accept wins; the others hear answered_elsewhere, and are too late',
    async t => {
      const [caller, one, other] = await forked(t)
      const CALL_ID = await ring(caller, one, other)
      one.accept(caller.number, 'of one')
      expectLike('the answer', await caller.next('callResponse'), { SDP: 'of one', CALL_ID })
      const end = await expectEnd(other, 'answered_elsewhere', CALL_ID)
      expectLike('the end', end, { SENDER_PHONE_NUMBER: caller.number, RECEIVER_PHONE_NUMBER: other.number })
      other.accept(caller.number, 'of other')
      expectLike('the answer', await other.next('error'), { CODE: 'no_call' })
      await expectNothing(caller, one, other)
    },
  ],
  [
    'accepts-at-once',
    '3, rule 1',
    'Of two accepts at once one wins, and no more than one',
    async t => {
      const [caller, one, other] = await forked(t)
      const callId = await ring(caller, one, other)
      one.accept(caller.number, 'one')
      other.accept(caller.number, 'other')
      const { SDP } = await caller.next('callResponse')
      const [winner, loser] = SDP === 'one' ? [one, other] : [other, one]
      await expectEnd(loser, 'answered_elsewhere', callId)
      caller.candidate(winner.number, 'for the winner')
      expectEqual('candidates', await candidates(winner, 1), ['for the winner'])
      await loser.fence()
      await expectNothing(caller, winner, loser)
    },
  ],
  [
    'deny-ends-for-all',
    '3, rule 1',
    'A deny ends the ringing for all: the others hear declined_elsewhere',
    async t => {
      const [caller, one, other] = await forked(t)
      const CALL_ID = await ring(caller, one, other)
      other.deny(caller.number)
      expectLike('the answer', await caller.next('callResponse'), { RESPONSE: 'deny', CALL_ID })
      await expectEnd(one, 'declined_elsewhere', CALL_ID)
      await expectNothing(caller, one, other)
    },
  ],
  [
    'cancel-reaches-all',
    '3, rule 2',
    'A cancelled call stops ringing everywhere',
    async t => {
      const [caller, one, other] = await forked(t)
      const callId = await ring(caller, one, other)
      caller.hangUp(one.number)
      for (const device of [one, other]) await expectEnd(device, 'cancelled', callId)
    },
  ],
  [
    'callers-others-hear-nothing',
    '3, rule 6',
    'The caller’s other devices, and those of the callee that did not answer, hear nothing of the call',
    async t => {
      const [callee, caller] = await phones(t, 2)
      const other = await t.device(await t.again(caller.account))
      await establish(caller, callee)
      caller.call(callee.number, 'new offer')
      await callee.next('call')
      callee.hangUp(caller.number)
      await expectEnd(caller, 'hung_up')
      await expectNothing(other, caller, callee)
    },
  ],
  [
    'late-device',
    '3, rule 1',
    'A device that connects while it rings finds the call in CALLS, is given it, and may answer',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await ring(caller, callee)
      const late = await t.device(await t.again(callee.account))
      expectLike('CALLS', late.hello.CALLS, [{ CALL_ID, STATE: 'ringing' }])
      const incoming = await late.next('call')
      expectLike('the call', incoming, { CALL_ID, SENDER_PHONE_NUMBER: caller.number })
      late.accept(caller.number)
      expectLike('the answer', await caller.next('callResponse'), { RESPONSE: 'accept' })
      await expectEnd(callee, 'answered_elsewhere', CALL_ID)
    },
  ],
  [
    'too-late-device',
    '3',
    'A device that connects after it is over is given nothing',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await ring(caller, callee)
      caller.hangUp(callee.number)
      await expectEnd(callee, 'cancelled')
      const late = await t.device(await t.again(callee.account))
      expectEqual('CALLS', late.hello.CALLS, [])
      await expectNothing(late, caller)
    },
  ],
  [
    'sixth-displaces',
    '3, rule 1',
    'A sixth device displaces the one longest connected that is in no call, with 4409',
    async t => {
      const [peer, first] = await phones(t, 2)
      const CALL_ID = await establish(peer, first)
      const more: Phone[] = []
      for (let n = 0; n < 5; n++) more.push(await t.device(first.account))
      const [second, ...others] = more as [Phone, ...Phone[]]
      await expectClosed(second.closed, 2_000, 4409)
      for (const device of others) expectEqual('what came', await device.fence(), [])
      first.candidate(peer.number, 'still here')
      expectLike('it', await peer.until('it', isReason('ICECandidate')), { CALL_ID })
    },
  ],
  [
    'five-in-calls',
    '3, rule 1',
    'With all five devices in calls a sixth is refused with 4429',
    async t => {
      const [peer, first] = await phones(t, 2)
      await establish(first, peer)
      for (let n = 1; n < 5; n++) {
        const mine = await t.device(first.account)
        await establish(mine, await t.device())
      }
      await expectNoConnection(t.device(first.account), 4429)
    },
    { timeoutSeconds: 90 },
  ],
])

/** What a device is sent up to what became of its own call. */
async function fate(device: Phone): Promise<Frame[]> {
  const seen: Frame[] = []
  while (!seen.some(({ REASON }) => REASON === 'ringing' || REASON === 'HangUp'))
    seen.push(await device.until('what becomes of the call', () => true))
  return seen
}

export const glare = casesOf('glare', [
  [
    'at-once',
    '3, rule 5',
    'Two users who call each other at once end with one call; the other caller hears glare and may answer',
    async t => {
      for (let round = 0; round < 3; round++) {
        const [ada, ben] = await phones(t, 2)
        ada.call(ben.number, 'of ada')
        ben.call(ada.number, 'of ben')
        const [adaSaw, benSaw] = await Promise.all([fate(ada), fate(ben)])
        const both = [...adaSaw, ...benSaw, ...(await ada.fence()), ...(await ben.fence())]
        const reasons = both.map(({ REASON }) => REASON).toSorted()
        expectEqual('what both were sent', reasons, ['HangUp', 'call', 'ringing'])
        const of = (reason: string) => both.find(isReason(reason))
        const standing = of('ringing')?.CALL_ID
        expectLike('the end', of('HangUp'), { CAUSE: 'glare' })
        expectTrue('the call that lost is not the one that stands', of('HangUp')?.CALL_ID !== standing, both)
        expectLike('the incoming call', of('call'), { CALL_ID: standing })
        const [caller, callee] = adaSaw.some(isReason('ringing')) ? [ada, ben] : [ben, ada]
        callee.accept(caller.number)
        expectLike('the answer', await caller.next('callResponse'), { RESPONSE: 'accept', CALL_ID: standing })
        caller.hangUp(callee.number)
        await expectEnd(callee, 'hung_up', String(standing))
        await expectNothing(ada, ben)
      }
    },
  ],
  [
    'calls-back',
    '3, rule 5',
    'A callee that calls back while it rings hears glare, and has the incoming call to answer',
    async t => {
      const [ada, ben] = await phones(t, 2)
      const CALL_ID = await ring(ada, ben)
      ben.call(ada.number)
      const end = await ben.next('HangUp')
      const numbers = { SENDER_PHONE_NUMBER: ada.number, RECEIVER_PHONE_NUMBER: ben.number }
      expectLike('the end', end, { CAUSE: 'glare', ...numbers })
      expectTrue('a call of its own', end.CALL_ID !== CALL_ID, end)
      await expectNothing(ada, ben)
      ben.accept(ada.number)
      expectLike('the answer', await ada.next('callResponse'), { CALL_ID })
    },
  ],
])
