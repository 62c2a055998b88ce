import { expectEqual, expectLike } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import {
  candidates,
  establish,
  expectEnd,
  expectNothing,
  expectRefused,
  forked,
  isReason,
  phones,
  ring,
} from './scenes.js'

const many = (who: string, count: number) => Array.from({ length: count }, (_, n) => `${who} ${n}`)

export const candidateCases = casesOf('candidates', [
  [
    'held-until-accepted',
    '3, rule 3',
    'The callee’s are held until it accepts, then follow its answer in the order sent',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await ring(caller, callee)
      const sent = many('callee', 20)
      for (const each of sent) callee.candidate(caller.number, each)
      await expectNothing(caller, callee)
      callee.accept(caller.number)
      callee.candidate(caller.number, 'after the answer')
      await caller.next('callResponse')
      expectEqual('candidates', await candidates(caller, 21), [...sent, 'after the answer'])
      await expectNothing(caller, callee)
    },
  ],
  [
    'never-without-answer',
    '3, rule 3',
    'The callee’s never reach a caller that it denied, nor one that gave up',
    async t => {
      const [caller, callee] = await phones(t, 2)
      for (const end of ['deny', 'cancel'] as const) {
        await ring(caller, callee)
        callee.candidate(caller.number, 'an address')
        await callee.fence()
        if (end === 'deny') {
          callee.deny(caller.number)
          await caller.next('callResponse')
        } else {
          caller.hangUp(callee.number)
          await expectEnd(callee, 'cancelled')
        }
        await expectNothing(caller, callee)
      }
    },
  ],
  [
    'of-the-winner-alone',
    '3, rule 3',
    'Of the devices that ring, those of the one that accepts alone are delivered',
    async t => {
      const [caller, one, two] = await forked(t)
      await ring(caller, one, two)
      one.candidate(caller.number, 'from one')
      two.candidate(caller.number, 'from two')
      await one.fence()
      await two.fence()
      two.accept(caller.number)
      await caller.next('callResponse')
      expectEqual('candidates', await candidates(caller, 1), ['from two'])
      await expectEnd(one, 'answered_elsewhere')
      const late = { REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: caller.number, CANDIDATE: 'late' }
      await expectRefused(one.ask(late), 'no_call')
      await expectNothing(caller, two)
    },
  ],
  [
    'of-the-caller-reach-all',
    '3, rule 3',
    'The caller’s reach every ringing device in order, one that connects while it rings included',
    async t => {
      const [caller, one, two] = await forked(t)
      await ring(caller, one, two)
      const sent = many('caller', 8)
      for (const each of sent) caller.candidate(one.number, each)
      for (const device of [one, two]) expectEqual('candidates', await candidates(device, 8), sent)
      const late = await t.device(await t.again(one.account))
      await late.next('call')
      expectEqual('candidates', await candidates(late, 8), sent)
      caller.candidate(one.number, 'one more')
      for (const device of [one, two, late])
        expectEqual('candidates', await candidates(device, 1), ['one more'])
      late.accept(caller.number)
      await caller.next('callResponse')
      caller.candidate(one.number, 'for the winner')
      expectEqual('candidates', await candidates(late, 1), ['for the winner'])
      for (const device of [one, two]) {
        await expectEnd(device, 'answered_elsewhere')
        await expectNothing(device, caller)
      }
    },
  ],
  [
    'in-one-breath',
    '3, rule 7',
    'Candidates sent with the call in one breath follow the call',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const sent = many('early', 5)
      caller.call(callee.number)
      for (const each of sent) caller.candidate(callee.number, each)
      await callee.next('call')
      expectEqual('candidates', await candidates(callee, 5), sent)
    },
  ],
  [
    'within-a-call-alone',
    '3, rule 3',
    'Candidates flow only within a call: before and after they are no_call',
    async t => {
      const [ada, ben] = await phones(t, 2)
      const say = { REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: ben.number, CANDIDATE: 'x' }
      await expectRefused(ada.ask(say), 'no_call')
      await establish(ada, ben)
      ada.hangUp(ben.number)
      await expectEnd(ben, 'hung_up')
      await expectRefused(ada.ask(say), 'no_call')
      await expectNothing(ben, ada)
    },
  ],
  [
    'in-order-once',
    '3, rule 7',
    'What one device sends to another arrives in the order sent, once: candidates, offers and the end',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await establish(caller, callee)
      const sent = many('candidate', 60)
      for (const [n, each] of sent.entries()) {
        caller.candidate(callee.number, each)
        if (n % 20 === 10) caller.call(callee.number, `offer ${n}`)
      }
      caller.hangUp(callee.number)
      const seen: unknown[] = []
      for (;;) {
        const frame = await callee.until('the next', () => true)
        if (frame.REASON === 'HangUp') break
        seen.push(frame.REASON === 'call' ? frame.SDP : frame.CANDIDATE)
      }
      const wanted = sent.flatMap((each, n) => (n % 20 === 10 ? [each, `offer ${n}`] : [each]))
      expectEqual('what arrived', seen, wanted)
    },
  ],
  [
    'both-ways',
    '3',
    'Candidates carry CALL_ID, both numbers and the candidate, both ways; null is the end of them',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await establish(caller, callee)
      for (const [from, to] of [
        [caller, callee],
        [callee, caller],
      ] as const) {
        for (const CANDIDATE of ['candidate:1 1 udp 2122260223 192.0.2.1 54400 typ host', null]) {
          from.candidate(to.number, CANDIDATE)
          const numbers = { SENDER_PHONE_NUMBER: from.number, RECEIVER_PHONE_NUMBER: to.number }
          const frame = await to.until('the candidate', isReason('ICECandidate'))
          expectLike('the candidate', frame, { CALL_ID, CANDIDATE, ...numbers })
        }
      }
    },
  ],
])
