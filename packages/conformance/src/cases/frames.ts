import { aText, expectEqual, expectLike } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import { establish, expectClosed, expectNothing, expectRefused, isReason, phones, ring } from './scenes.js'

const nonsense = [
  ...[
    '',
    ' ',
    '{',
    '{"REASON":"HangUp","RECEIVER_PHONE',
    '{"REASON":"HangUp"}{}',
    '[{"REASON":"HangUp"}]',
    'null',
    '7',
  ],
  ...[
    '"HangUp"',
    '{}',
    '{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"123",}',
    '{"REASON":"Dance"}',
    '{"REASON":7}',
  ],
  ...[
    '{"REASON":"hangup","RECEIVER_PHONE_NUMBER":"123"}',
    '{"REASON":"connected"}',
    '{"REASON":"__proto__"}',
  ],
  `{"REASON":"HangUp","X":${'['.repeat(2_000)}${']'.repeat(2_000)}}`,
]

export const frames = casesOf('frames', [
  [
    'nonsense',
    '3',
    'A frame that is no message is answered invalid_message, and the socket goes on',
    async t => {
      const device = await t.device()
      for (const text of nonsense) {
        device.wire.sendText(text)
        expectLike('the answer', await device.next('error'), { CODE: 'invalid_message', MESSAGE: aText })
      }
      expectEqual('what came besides', await device.fence(), [])
    },
  ],
  [
    'binary',
    '3',
    'A binary frame is no message, whatever is in it',
    async t => {
      const device = await t.device()
      const text = JSON.stringify({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: '123' })
      for (const bytes of [Buffer.from(text), Buffer.alloc(0), Buffer.from([0, 255, 254])]) {
        device.wire.sendText(bytes)
        expectLike('the answer', await device.next('error'), { CODE: 'invalid_message' })
      }
    },
  ],
  [
    'member-twice',
    '3',
    'A member said twice is refused: nobody can tell which was meant',
    async t => {
      const device = await t.device()
      device.wire.sendText('{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"123","RECEIVER_PHONE_NUMBER":"124"}')
      expectLike('the answer', await device.next('error'), { CODE: 'invalid_message' })
    },
  ],
  [
    'bad-numbers',
    '1; 3',
    'A receiver that is no number is invalid_message',
    async t => {
      const device = await t.device()
      for (const RECEIVER_PHONE_NUMBER of ['', '12', 'abc', '1234567890123456', '１２３４', 7, null, {}])
        await expectRefused(
          device.ask({ REASON: 'call', SDP: 'x', RECEIVER_PHONE_NUMBER }),
          'invalid_message',
        )
    },
  ],
  [
    'bad-members',
    '3',
    'A member that is missing or of a wrong type is invalid_message, and nothing is delivered',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await establish(caller, callee)
      await caller.fence()
      const to = { RECEIVER_PHONE_NUMBER: callee.number }
      for (const message of [
        { REASON: 'call', SDP: 'x' },
        { REASON: 'call', ...to },
        { REASON: 'callResponse', ...to, SDP: 'x' },
        { REASON: 'callResponse', ...to, RESPONSE: 'maybe', SDP: 'x' },
        { REASON: 'callResponse', ...to, RESPONSE: 'ACCEPT', SDP: 'x' },
        { REASON: 'ICECandidate', ...to },
        { REASON: 'HangUp' },
        { REASON: 'HangUp', ...to, CALL_ID: 7 },
        { REASON: 'HangUp', ...to, SENDER_PHONE_NUMBER: 7 },
      ])
        await expectRefused(caller.ask(message), 'invalid_message')
      await expectNothing(callee, caller)
    },
  ],
  [
    'accept-wants-sdp',
    '3',
    'An accept without SDP is invalid_message, and the call still rings',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await ring(caller, callee)
      const accept = { REASON: 'callResponse', RESPONSE: 'accept', RECEIVER_PHONE_NUMBER: caller.number }
      await expectRefused(callee.ask(accept), 'invalid_message')
      callee.accept(caller.number)
      expectLike('the answer', await caller.next('callResponse'), { RESPONSE: 'accept' })
    },
  ],
  [
    'not-utf-8',
    '3; RFC 6455',
    'Bytes that are not UTF-8 close that socket alone',
    async t => {
      const [broken, other] = [await t.socket(), await t.device()]
      broken.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })
      await expectClosed(broken.closed, 4_000, 1007, 4400)
      expectEqual('what came elsewhere', await other.fence(), [])
    },
  ],
  [
    'frame-size',
    '3',
    'A frame of 64 KiB is read, a longer one closes with 1009',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const text = JSON.stringify({ REASON: 'call', RECEIVER_PHONE_NUMBER: callee.number, SDP: 'x', PAD: '' })
      const frame = (bytes: number) => text.replace('"PAD":""', `"PAD":"${'p'.repeat(bytes - text.length)}"`)
      caller.wire.sendText(frame(64 * 1024))
      await callee.next('call')
      caller.wire.sendText(frame(64 * 1024 + 1))
      await expectClosed(caller.closed, 4_000, 1009)
    },
  ],
  [
    'sdp-size',
    '3',
    'An SDP of 32 KiB in UTF-8 is delivered, a longer one is too_large',
    async t => {
      const [caller, callee] = await phones(t, 2)
      for (const long of ['x'.repeat(32 * 1024 + 1), 'é'.repeat(16 * 1024 + 1)]) {
        const call = { REASON: 'call', RECEIVER_PHONE_NUMBER: callee.number, SDP: long }
        await expectRefused(caller.ask(call), 'too_large')
      }
      const sdp = 'é'.repeat(16 * 1024)
      caller.call(callee.number, sdp)
      const { SDP } = await callee.next('call')
      expectEqual('the SDP', String(SDP).length, sdp.length)
    },
  ],
  [
    'candidate-size',
    '3',
    'A candidate of 2 KiB in UTF-8 is delivered, a longer one is too_large',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await establish(caller, callee)
      for (const big of ['c'.repeat(2 * 1024 + 1), 'é'.repeat(1024 + 1)]) {
        const say = { REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: callee.number, CANDIDATE: big }
        await expectRefused(caller.ask(say), 'too_large')
      }
      caller.candidate(callee.number, 'é'.repeat(1024))
      expectLike('it', await callee.next('ICECandidate'), { CANDIDATE: 'é'.repeat(1024) })
    },
  ],
  [
    'depth',
    '3',
    '8 levels are read, 9 are invalid_message',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const sdp = (levels: number): unknown => (levels === 0 ? 'x' : { a: sdp(levels - 1) })
      caller.call(callee.number, sdp(8)) // an ID would stand behind what is not read
      expectLike('the answer', await caller.next('error'), { CODE: 'invalid_message' })
      caller.call(callee.number, sdp(7))
      expectEqual('the SDP', (await callee.next('call')).SDP, sdp(7))
    },
  ],
])

/** Values whose spelling a parse and a second serialisation would change. */
const spellings = [
  '"plain"',
  '"caf\\u00e9 \\/ \\ud83d\\ude00 😀"',
  '"line\\r\\nline\\ttab \\" \\\\ "',
  '{"type":"offer","sdp":"v=0\\r\\n"}',
  '{"a":1.0,"b":1e2,"c":12345678901234567890}',
  '{"2":"b","1":"a"}',
  '{"REASON":"HangUp","CALL_ID":"x","SEQ":1,"SENDER_PHONE_NUMBER":"1"}',
]

export const payloads = casesOf('payloads', [
  [
    'sdp-unchanged',
    '3',
    'SDP is opaque: a string or an object, delivered with its value unchanged',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const say = (from: typeof caller, to: string, head: string, value: string) =>
        from.wire.sendText(`{${head},"RECEIVER_PHONE_NUMBER":"${to}","SDP":${value}}`)
      await ring(caller, callee)
      callee.accept(caller.number)
      await caller.until('the answer', isReason('callResponse'))
      for (const value of spellings) {
        say(caller, callee.number, '"REASON":"call"', value)
        expectEqual('the SDP of the offer', (await callee.next('call')).SDP, JSON.parse(value))
        say(callee, caller.number, '"REASON":"callResponse","RESPONSE":"accept"', value)
        expectEqual('the SDP of the answer', (await caller.next('callResponse')).SDP, JSON.parse(value))
      }
    },
  ],
  [
    'candidate-unchanged',
    '3',
    'CANDIDATE is opaque: a string, an object or null, delivered with its value unchanged',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await establish(caller, callee)
      for (const value of [...spellings, 'null']) {
        const text = `{"REASON":"ICECandidate","RECEIVER_PHONE_NUMBER":"${callee.number}","CANDIDATE":${value}}`
        caller.wire.sendText(text)
        expectEqual('the candidate', (await callee.next('ICECandidate')).CANDIDATE, JSON.parse(value))
      }
    },
  ],
  [
    'other-types',
    '3',
    'A number, a boolean or a list is no SDP and no candidate',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const to = { RECEIVER_PHONE_NUMBER: callee.number }
      for (const SDP of [7, true, [], null])
        await expectRefused(caller.ask({ REASON: 'call', ...to, SDP }), 'invalid_message')
      await establish(caller, callee)
      for (const CANDIDATE of [7, false, []])
        await expectRefused(caller.ask({ REASON: 'ICECandidate', ...to, CANDIDATE }), 'invalid_message')
      await expectNothing(callee, caller)
    },
  ],
])
