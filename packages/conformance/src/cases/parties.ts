import { expectEqual, expectLike, expectTrue, oneOf } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import { establish, expectEnd, expectNothing, expectRefused, isReason, phones, ring } from './scenes.js'

/** Who may act in a call, and who is taken for whom. */
export const parties = casesOf('call', [
  [
    'sender-known-from-token',
    '3',
    'SENDER_PHONE_NUMBER may be left out; what arrives has the true one',
    async t => {
      const [caller, callee] = await phones(t, 2)
      caller.send({ REASON: 'call', RECEIVER_PHONE_NUMBER: callee.number, SDP: 'offer' })
      expectLike('the call', await callee.next('call'), { SENDER_PHONE_NUMBER: caller.number })
    },
  ],
  [
    'sender-mismatch',
    '3',
    'A false sender is refused with sender_mismatch in each message, and nothing is delivered',
    async t => {
      const [ada, ben, eve] = await phones(t, 3)
      await establish(ada, ben)
      await ada.fence()
      const lie = { SENDER_PHONE_NUMBER: eve.number, RECEIVER_PHONE_NUMBER: ben.number, SDP: 'x' }
      for (const REASON of ['call', 'callResponse', 'ICECandidate', 'HangUp'])
        await expectRefused(
          ada.ask({ REASON, ...lie, RESPONSE: 'accept', CANDIDATE: 'x' }),
          'sender_mismatch',
        )
      await expectNothing(ben, ada)
      await expectNothing(eve)
    },
  ],
  [
    'unknown-members',
    '3',
    'Members the protocol does not know are ignored and never forwarded',
    async t => {
      const [caller, callee] = await phones(t, 2)
      caller.call(callee.number, 'offer', { CAUSE: 'busy', SEQ: 999, AGE_MS: -5, COLOUR: 'red' })
      const incoming = await callee.next('call')
      expectTrue('nothing that the sender added', !('COLOUR' in incoming) && !('CAUSE' in incoming), incoming)
      expectTrue(
        'an AGE_MS and SEQ of the server',
        Number(incoming.AGE_MS) >= 0 && incoming.SEQ !== 999,
        incoming,
      )
    },
  ],
  [
    'busy',
    '3, rule 4',
    'Who is in a call is busy and hears nothing of it; free again when it is over',
    async t => {
      const [ada, ben, cyd] = await phones(t, 3)
      await establish(ada, ben)
      await ada.fence()
      for (const receiver of [ada, ben]) {
        cyd.call(receiver.number)
        expectLike('the end', await cyd.next('HangUp'), {
          CAUSE: 'busy',
          SENDER_PHONE_NUMBER: receiver.number,
        })
        await expectNothing(receiver, cyd)
      }
      ben.hangUp(ada.number)
      await expectEnd(ada, 'hung_up')
      await ring(cyd, ben)
    },
  ],
  [
    'in-progress',
    '3',
    'A device in a call, ringing or established, starts no other: call_in_progress, and its call goes on',
    async t => {
      const [ada, ben, cyd] = await phones(t, 3)
      const other = { REASON: 'call', RECEIVER_PHONE_NUMBER: cyd.number, SDP: 'offer' }
      const CALL_ID = await ring(ada, ben)
      await expectRefused(ada.ask(other), 'call_in_progress')
      ben.accept(ada.number)
      await ada.until('the answer', isReason('callResponse'))
      await expectRefused(ada.ask(other), 'call_in_progress')
      await expectNothing(cyd, ada)
      ada.candidate(ben.number, 'goes on')
      expectLike('it', await ben.next('ICECandidate'), { CALL_ID })
    },
  ],
  [
    'nobody-else-acts',
    '3, rule 6',
    'Only the two devices of a call act in it: not a bystander, not another device of theirs',
    async t => {
      const [caller, callee, eve] = await phones(t, 3)
      const CALL_ID = await establish(caller, callee)
      await caller.fence()
      const other = await t.device(await t.again(callee.account))
      for (const [actor, to] of [
        [eve, callee.number],
        [other, caller.number],
      ] as const) {
        const receiver = { RECEIVER_PHONE_NUMBER: to }
        for (const attempt of [
          { REASON: 'callResponse', RESPONSE: 'accept', ...receiver, SDP: 'x' },
          { REASON: 'ICECandidate', ...receiver, CANDIDATE: 'x', CALL_ID },
          { REASON: 'HangUp', ...receiver, CALL_ID },
        ])
          await expectRefused(actor.ask(attempt), 'no_call')
      }
      await expectNothing(caller, eve)
      await expectNothing(callee, eve)
      caller.hangUp(callee.number)
      await expectEnd(callee, 'hung_up', CALL_ID)
    },
  ],
  [
    'caller-does-not-answer',
    '3, rule 6',
    'A caller cannot answer its own call',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await ring(caller, callee)
      const accept = {
        REASON: 'callResponse',
        RESPONSE: 'accept',
        RECEIVER_PHONE_NUMBER: callee.number,
        SDP: 'x',
      }
      await expectRefused(caller.ask(accept), 'no_call')
      await expectNothing(callee, caller)
    },
  ],
  [
    'call-id-names-the-call',
    '3',
    'A CALL_ID names the call that is meant: another one is no_call, the right one acts',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await establish(caller, callee)
      await caller.fence()
      const candidate = { REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: callee.number, CANDIDATE: 'x' }
      await expectRefused(
        caller.ask({ ...candidate, CALL_ID: '0190b0a0-0000-7000-8000-000000000000' }),
        'no_call',
      )
      await expectRefused(caller.ask({ ...candidate, CALL_ID: 'not-a-uuid' }), 'no_call', 'invalid_message')
      expectLike('the answer', await caller.ask({ ...candidate, CALL_ID }), { REASON: 'ack' })
      expectLike('it', await callee.next('ICECandidate'), { CALL_ID })
    },
  ],
  [
    'nothing-after-hang-up',
    '3, rule 6',
    'Nothing is delivered after a HangUp, and what is said then is no_call',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await establish(caller, callee)
      callee.hangUp(caller.number)
      await expectEnd(caller, 'hung_up')
      for (const [from, to] of [
        [caller, callee],
        [callee, caller],
      ] as const) {
        from.candidate(to.number, 'late')
        from.accept(to.number, 'late')
        from.hangUp(to.number)
        const codes = (await from.fence()).map(({ CODE }) => CODE)
        expectEqual('the answers', codes, ['no_call', 'no_call', 'no_call'])
        await expectNothing(to)
      }
    },
  ],
  [
    'own-number',
    '3',
    'Who calls the own number is answered, and rings nowhere',
    async t => {
      const [device] = await phones(t, 1)
      const other = await t.device(await t.again(device.account))
      const answer = await device.ask({ REASON: 'call', RECEIVER_PHONE_NUMBER: device.number, SDP: 'x' })
      expectLike('the answer', answer, { REASON: oneOf('ack', 'error') })
      if (answer.REASON === 'ack')
        expectLike('the end', await device.next('HangUp'), { CAUSE: oneOf('busy', 'unavailable') })
      await expectNothing(device, other)
      await expectNothing(other, device)
    },
  ],
])
