import { aNumber, aText, expectEqual, expectLike } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import { establish, expectRefused, phones } from './scenes.js'

export const acknowledging = casesOf('ids', [
  [
    'acknowledged',
    '3',
    'A message with an ID is answered with ack, each of the four',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const [to, from] = [{ RECEIVER_PHONE_NUMBER: callee.number }, { RECEIVER_PHONE_NUMBER: caller.number }]
      const ack = { REASON: 'ack', SEQ: aNumber, ID: aText }
      expectEqual('call', await caller.ask({ REASON: 'call', ...to, SDP: 'offer' }), ack)
      expectEqual('ICECandidate', await caller.ask({ REASON: 'ICECandidate', ...to, CANDIDATE: null }), ack)
      await callee.next('call')
      const accept = { REASON: 'callResponse', RESPONSE: 'accept', ...from, SDP: 'answer' }
      expectEqual('callResponse', await callee.ask(accept), ack)
      expectEqual('HangUp', await callee.ask({ REASON: 'HangUp', ...from }), ack)
    },
  ],
  [
    'once',
    '3',
    'The same ID again in one session is acknowledged and not repeated, after a resume as well',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await establish(caller, callee)
      const say = () => caller.candidate(callee.number, 'once', { ID: 'the-one' })
      const acked = () => caller.until('the ack', ({ ID }) => ID === 'the-one')
      for (let n = 0; n < 2; n++) {
        say()
        expectLike('the answer', await acked(), { REASON: 'ack' })
      }
      await caller.drop()
      expectLike('connected', await caller.resume(), { RESUMED: true })
      say()
      expectLike('the answer', await acked(), { REASON: 'ack' })
      expectLike('it', await callee.next('ICECandidate'), { CANDIDATE: 'once' })
      expectEqual('what came besides', await callee.fence(), [])
    },
  ],
  [
    'of-a-session',
    '3',
    'IDs are of a session: two devices may use the same',
    async t => {
      const [one, two, callee] = await phones(t, 3)
      one.call(callee.number, 'one', { ID: 'same' })
      expectLike('the call', await callee.next('call'), { SDP: 'one' })
      one.hangUp(callee.number)
      await callee.next('HangUp')
      two.call(callee.number, 'two', { ID: 'same' })
      expectLike('the call', await callee.next('call'), { SDP: 'two' })
    },
  ],
  [
    'of-64-characters',
    '3',
    'An ID is a string of 64 characters at most',
    async t => {
      const device = await t.device()
      for (const ID of ['x'.repeat(65), 7, null, {}]) {
        device.hangUp(t.number(), { ID })
        expectLike('the answer', await device.next('error'), { CODE: 'invalid_message' })
      }
      device.hangUp(t.number(), { ID: 'x'.repeat(64) })
      expectLike('the answer', await device.next('error'), { CODE: 'no_call', ID: 'x'.repeat(64) })
    },
  ],
  [
    'errors-carry-it',
    '3',
    'A message that is refused gets an error with its ID',
    async t => {
      const device = await t.device()
      const hangUp = { REASON: 'HangUp', RECEIVER_PHONE_NUMBER: t.number() }
      await expectRefused(device.ask(hangUp), 'no_call')
      await expectRefused(device.ask({ ...hangUp, SENDER_PHONE_NUMBER: t.number() }), 'sender_mismatch')
      await expectRefused(device.ask({ REASON: 'dance' }), 'invalid_message')
    },
  ],
])
