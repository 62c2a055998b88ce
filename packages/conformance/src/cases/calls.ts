import { aNumber, aText, expectEqual, expectLike, expectTrue } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import type { Frame } from '../wire/socket.js'
import { establish, expectEnd, expectNothing, isReason, phones, ring } from './scenes.js'

const isOver = ({ REASON }: Frame) => REASON === 'HangUp' || REASON === 'callResponse'

export const calls = casesOf('call', [
  [
    'given',
    '3',
    'A call reaches the receiver with CALL_ID, both numbers, the SDP, its age; the caller hears ringing',
    async t => {
      const [caller, callee] = await phones(t, 2)
      caller.call(callee.number, 'offer')
      const incoming = await callee.next('call')
      expectEqual('the call', incoming, {
        REASON: 'call',
        CALL_ID: aText,
        SENDER_PHONE_NUMBER: caller.number,
        RECEIVER_PHONE_NUMBER: callee.number,
        SDP: 'offer',
        AGE_MS: aNumber,
        SEQ: aNumber,
      })
      const { CALL_ID } = incoming
      const ringing = { REASON: 'ringing', CALL_ID, RECEIVER_PHONE_NUMBER: callee.number, SEQ: aNumber }
      expectEqual('ringing', await caller.next('ringing'), ringing)
    },
  ],
  [
    'accepted',
    '3',
    'An accept reaches the caller as callResponse with the SDP and the true sender',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await ring(caller, callee)
      callee.accept(caller.number, 'answer')
      expectEqual('the answer', await caller.next('callResponse'), {
        REASON: 'callResponse',
        CALL_ID,
        RESPONSE: 'accept',
        SENDER_PHONE_NUMBER: callee.number,
        RECEIVER_PHONE_NUMBER: caller.number,
        SDP: 'answer',
        SEQ: aNumber,
      })
    },
  ],
  [
    'denied',
    '3, rule 2',
    'A deny reaches the caller as callResponse deny, and no HangUp follows; it needs no SDP',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await ring(caller, callee)
      callee.send({ REASON: 'callResponse', RESPONSE: 'deny', RECEIVER_PHONE_NUMBER: caller.number })
      const answer = await caller.next('callResponse')
      expectLike('the answer', answer, { RESPONSE: 'deny', CALL_ID, SENDER_PHONE_NUMBER: callee.number })
      await expectNothing(caller, callee)
    },
  ],
  [
    'refused-by-hang-up',
    '3, rule 2',
    'A callee that hangs up before an answer has refused',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await ring(caller, callee)
      callee.hangUp(caller.number)
      const end = await caller.until('the end', isOver)
      expectTrue('denied, or deny', end.CAUSE === 'denied' || end.RESPONSE === 'deny', end)
      await expectNothing(caller, callee)
    },
  ],
  [
    'cancelled',
    '3',
    'A caller that hangs up before an answer cancels; a late accept is no_call',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await ring(caller, callee)
      caller.hangUp(callee.number)
      expectEqual('the end', await callee.next('HangUp'), {
        REASON: 'HangUp',
        CALL_ID,
        SENDER_PHONE_NUMBER: caller.number,
        RECEIVER_PHONE_NUMBER: callee.number,
        CAUSE: 'cancelled',
        SEQ: aNumber,
      })
      callee.accept(caller.number, 'late')
      expectLike('the answer', await callee.next('error'), { CODE: 'no_call' })
      await expectNothing(caller, callee)
    },
  ],
  [
    'hung-up',
    '3',
    'Either party ends an established call: the other hears hung_up',
    async t => {
      const [caller, callee] = await phones(t, 2)
      for (const [from, to] of [
        [caller, callee],
        [callee, caller],
      ] as const) {
        const callId = await establish(caller, callee)
        from.hangUp(to.number)
        await expectEnd(to, 'hung_up', callId)
      }
    },
  ],
  [
    'unavailable',
    '3',
    'Unknown, offline and blocked get one answer: unavailable, in the same words',
    async t => {
      const [caller, blocking] = await phones(t, 2)
      const body = { phone_number: caller.number }
      await t.rest('PUT', '/block_number', { token: blocking.account.token, body })
      const offline = await t.person()
      if (t.target.profile === 'strict') await t.befriend(caller.account, offline)
      for (const number of [t.number(), offline.phone_number, blocking.number]) {
        caller.call(number)
        expectEqual('the end', await caller.next('HangUp'), {
          REASON: 'HangUp',
          CALL_ID: aText,
          SENDER_PHONE_NUMBER: number,
          RECEIVER_PHONE_NUMBER: caller.number,
          CAUSE: 'unavailable',
          SEQ: aNumber,
        })
      }
      await expectNothing(blocking, caller)
    },
  ],
  [
    'strangers',
    '1, strict profile',
    'Only contacts call: a stranger hears unavailable',
    async t => {
      const [caller, callee] = await phones(t, 2) // friends of each other
      const remove = { token: callee.account.token, body: { contact_phonenumber: caller.number } }
      await t.rest('DELETE', '/delete_contact', remove)
      caller.call(callee.number)
      await expectEnd(caller, 'unavailable')
      await expectNothing(callee, caller)
      await t.rest('POST', '/add_contact', remove)
      await ring(caller, callee)
    },
    { cannot: ({ profile }) => (profile === 'strict' ? undefined : 'the standard profile admits strangers') },
  ],
  [
    'renegotiated',
    '3, rule 4',
    'A call inside an established call is a renegotiation: same CALL_ID, no ringing, from either side',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await establish(caller, callee)
      await caller.fence()
      for (const [from, to] of [
        [caller, callee],
        [callee, caller],
      ] as const) {
        from.call(to.number, 'new offer')
        expectLike('the offer', await to.next('call'), {
          CALL_ID,
          SDP: 'new offer',
          SENDER_PHONE_NUMBER: from.number,
        })
        to.accept(from.number, 'new answer')
        expectLike('the answer', await from.next('callResponse'), { CALL_ID, SDP: 'new answer' })
        await expectNothing(from, to)
      }
      caller.hangUp(callee.number)
      await expectEnd(callee, 'hung_up', CALL_ID)
    },
  ],
  [
    'renegotiation-denied',
    '3, rule 4',
    'A denied renegotiation leaves the call standing',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await establish(caller, callee)
      caller.call(callee.number, 'new offer')
      await callee.next('call')
      callee.deny(caller.number)
      const answer = await caller.until('the answer', isReason('callResponse'))
      expectLike('the answer', answer, { RESPONSE: 'deny', CALL_ID })
      caller.candidate(callee.number, 'goes on')
      expectLike('it', await callee.next('ICECandidate'), { CALL_ID })
    },
  ],
])
