import { describe, expect, it } from 'vitest'
import { establish, expectNothing } from '../expectations.js'
import { running } from '../running.js'

describe('bad frames', () => {
  const server = running()

  const texts: [string, string][] = [
    ['nothing', ''],
    ['a space', ' '],
    ['truncated', '{"REASON":"HangUp","RECEIVER_PHONE'],
    ['truncated in a string', '{"REASON":"Hang'],
    ['two objects', '{"REASON":"HangUp"}{"REASON":"HangUp"}'],
    ['a list', '[{"REASON":"HangUp"}]'],
    ['null', 'null'],
    ['a number', '7'],
    ['a string', '"HangUp"'],
    ['true', 'true'],
    ['an empty object', '{}'],
    ['the seed with its slips', '{"REASON": "callResponse", "RESPONSE": "accept", // or "deny"\n}'],
    ['a trailing comma', '{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"123",}'],
    ['a byte order mark', '\ufeff{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"123"}'],
    ['a control character in a string', '{"REASON":"Hang\nUp"}'],
    ['no REASON', '{"RECEIVER_PHONE_NUMBER":"123"}'],
    ['an unknown REASON', '{"REASON":"Dance"}'],
    ['REASON in another case', '{"REASON":"hangup","RECEIVER_PHONE_NUMBER":"123"}'],
    ['a server message', '{"REASON":"connected","PHONE_NUMBER":"123"}'],
    ['REASON __proto__', '{"REASON":"__proto__"}'],
    ['REASON constructor', '{"REASON":"constructor"}'],
    ['REASON toString', '{"REASON":"toString"}'],
    ['REASON a list', '{"REASON":["HangUp"],"RECEIVER_PHONE_NUMBER":"123"}'],
    ['a REASON within __proto__', '{"__proto__":{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"123"}}'],
    [
      'a member said twice',
      '{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"123","RECEIVER_PHONE_NUMBER":"124"}',
    ],
    ['REASON said twice', '{"REASON":"HangUp","REASON":"call","RECEIVER_PHONE_NUMBER":"123","SDP":"x"}'],
    [
      'a member said twice by escape',
      '{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"123","\\u0052EASON":"call"}',
    ],
    ['deep nesting', `{"REASON":"HangUp","X":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['deep nesting unclosed', '['.repeat(60_000)],
    ['deep objects unclosed', '{"a":'.repeat(10_000)],
    ['many members', `{${Array.from({ length: 4_000 }, (_, n) => `"${n}":1`).join()}}`],
  ]
  it.each(texts)('%s', async (_, text) => {
    const device = await server.device()
    device.wire.sendText(text)
    expect(await device.next('error')).toMatchObject({ CODE: 'invalid_message', MESSAGE: expect.any(String) })
    expect(await device.fence()).toEqual([])
  })

  it('binary frames, whatever is in them', async () => {
    const device = await server.device()
    const text = JSON.stringify({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: '123' })
    for (const bytes of [Buffer.from(text), Buffer.alloc(0), Buffer.from([0, 255, 254])]) {
      device.wire.sendText(bytes)
      expect(await device.next('error')).toMatchObject({ CODE: 'invalid_message' })
    }
    expect(await device.fence()).toEqual([])
  })

  const numbers = ['', '12', 'abc', '1234567890123456', '１２３４', '12\u00003', '+', 'x'.repeat(3_000)]
  it.each([...numbers, 7, null, {}, [], true, '\ud800123'])('RECEIVER_PHONE_NUMBER %j', async number => {
    const device = await server.device()
    for (const message of [
      { REASON: 'call', SDP: 'x' },
      { REASON: 'callResponse', RESPONSE: 'accept', SDP: 'x' },
      { REASON: 'ICECandidate', CANDIDATE: 'x' },
      { REASON: 'HangUp' },
    ]) {
      device.send({ ...message, RECEIVER_PHONE_NUMBER: number, ID: 'x' })
      expect(await device.next('error')).toMatchObject({ CODE: 'invalid_message', ID: 'x' })
    }
  })

  it('a member missing or of a wrong type', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    await caller.fence()
    const to = { RECEIVER_PHONE_NUMBER: callee.number }
    const messages = [
      { REASON: 'call', SDP: 'x' },
      { REASON: 'call', ...to },
      { REASON: 'callResponse', ...to, SDP: 'x' },
      { REASON: 'callResponse', ...to, RESPONSE: 'maybe', SDP: 'x' },
      { REASON: 'callResponse', ...to, RESPONSE: 'ACCEPT', SDP: 'x' },
      { REASON: 'callResponse', ...to, RESPONSE: true, SDP: 'x' },
      { REASON: 'ICECandidate', ...to },
      { REASON: 'ICECandidate', CANDIDATE: 'x' },
      { REASON: 'HangUp' },
      { REASON: 'HangUp', ...to, CALL_ID: 7 },
      { REASON: 'HangUp', ...to, CALL_ID: 'x'.repeat(5_000) },
      { REASON: 'HangUp', ...to, SENDER_PHONE_NUMBER: 7 },
    ]
    for (const message of messages) {
      expect(await caller.ask(message)).toMatchObject({ REASON: 'error', CODE: 'invalid_message' })
    }
    await expectNothing(callee, caller)
    caller.candidate(callee.number, 'still')
    await callee.next('ICECandidate')
  })

  it('an accept without SDP', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number)
    await callee.next('call')
    const accept = { REASON: 'callResponse', RESPONSE: 'accept', RECEIVER_PHONE_NUMBER: caller.number }
    expect(await callee.ask(accept)).toMatchObject({ REASON: 'error', CODE: 'invalid_message' })
    callee.deny(caller.number)
    await caller.until('the denial', frame => frame.RESPONSE === 'deny')
  })

  it('CALL_ID of unusual kinds names no call', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    for (const CALL_ID of [
      '__proto__',
      'constructor',
      "' or 1=1",
      '\u0000',
      '\ud800',
      'not-a-uuid',
      '*',
      '>',
    ]) {
      const message = { REASON: 'HangUp', RECEIVER_PHONE_NUMBER: callee.number, CALL_ID }
      const answer = await caller.ask(message)
      expect(['no_call', 'invalid_message']).toContain(answer.CODE)
    }
    await expectNothing(callee, caller)
  })

  it('bytes that are not UTF-8 close that socket alone', async () => {
    const [broken, other] = [await server.wire(), await server.device()]
    broken.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })
    expect([1007, 4400]).toContain((await broken.closed).code)
    expect(await other.fence()).toEqual([])
  })
})
