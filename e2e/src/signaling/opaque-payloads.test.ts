import { describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { establish, ring } from '../expectations.js'
import { running } from '../running.js'

/** Values whose spelling a parse and a second serialisation would change. */
const spellings = [
  '"plain"',
  '""',
  '"caf\\u00e9 \\/ \\ud83d\\ude00 😀"',
  '"line\\r\\nline\\ttab \\" \\\\ "',
  '"\\u0000 NUL"',
  '"half \\ud800 pair"',
  '{}',
  '{"type":"offer","sdp":"v=0\\r\\n"}',
  '{ "a" : 1.0, "b" : 1e2, "c" : 12345678901234567890, "d" : -0 }',
  '{"__proto__":{"x":1},"constructor":null}',
  '{"2":"b","1":"a"}',
  '{"a":[[],{},[null,true,false]],"":" "}',
  '{"REASON":"HangUp","CALL_ID":"x","SEQ":1,"SENDER_PHONE_NUMBER":"1"}',
  '{"tail":"}","quote":"\\"}"}',
]

describe('SDP and CANDIDATE are opaque', () => {
  const server = running()
  const frameOf = (members: Record<string, string>, to: Device) =>
    `{"RECEIVER_PHONE_NUMBER":"${to.number}", ${Object.entries(members)
      .map(([key, value]) => `"${key}" : ${value}`)
      .join(' , ')}}`

  it.each(spellings)('SDP %s arrives as it was sent', async value => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.wire.sendText(frameOf({ REASON: '"call"', SDP: value }, callee))
    const incoming = await callee.next('call')
    expect(callee.wire.textOf(incoming)).toContain(value)
    expect(incoming.SDP).toEqual(JSON.parse(value))
    await caller.next('ringing')
    callee.wire.sendText(frameOf({ SDP: value, RESPONSE: '"accept"', REASON: '"callResponse"' }, caller))
    const answer = await caller.next('callResponse')
    expect(caller.wire.textOf(answer)).toContain(value)
    caller.wire.sendText(frameOf({ REASON: '"call"', SDP: value }, callee))
    expect(callee.wire.textOf(await callee.next('call'))).toContain(value)
  })

  it('CANDIDATE arrives as it was sent, null as well, both ways', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    for (const value of [...spellings, 'null']) {
      for (const [from, to] of [
        [caller, callee],
        [callee, caller],
      ] as const) {
        from.wire.sendText(frameOf({ REASON: '"ICECandidate"', CANDIDATE: value }, to))
        const frame = await to.next('ICECandidate')
        expect(to.wire.textOf(frame)).toContain(value)
        expect(frame.CANDIDATE).toEqual(JSON.parse(value))
      }
    }
  })

  it('values held while it rings, and values replayed, are unchanged too', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await ring(caller, callee)
    for (const value of spellings) {
      callee.wire.sendText(frameOf({ REASON: '"ICECandidate"', CANDIDATE: value }, caller))
    }
    await callee.fence()
    await caller.drop()
    callee.accept(caller.number)
    await callee.fence()
    await caller.resume()
    await caller.next('callResponse')
    for (const value of spellings) {
      expect(caller.wire.textOf(await caller.next('ICECandidate'))).toContain(value)
    }
  })

  it('a device that comes while it rings gets the SDP and candidates unchanged', async () => {
    for (const value of spellings) {
      const [caller, callee] = [await server.device(), await server.device()]
      caller.wire.sendText(frameOf({ REASON: '"call"', SDP: value }, callee))
      await caller.next('ringing')
      caller.wire.sendText(frameOf({ REASON: '"ICECandidate"', CANDIDATE: value }, callee))
      await caller.fence()
      const late = await server.device(await server.again(callee.account))
      expect(late.wire.textOf(await late.next('call'))).toContain(value)
      expect(late.wire.textOf(await late.next('ICECandidate'))).toContain(value)
    }
  })

  it.each(['7', 'true', '[]', '["x"]', 'null'])('SDP %s is not one', async value => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.wire.sendText(frameOf({ REASON: '"call"', SDP: value, ID: '"x"' }, callee))
    expect(await caller.next('error')).toMatchObject({ CODE: 'invalid_message', ID: 'x' })
    expect(await callee.fence()).toEqual([])
  })

  it.each(['7', 'false', '[]'])('CANDIDATE %s is not one', async value => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    await caller.fence()
    caller.wire.sendText(frameOf({ REASON: '"ICECandidate"', CANDIDATE: value, ID: '"x"' }, callee))
    expect(await caller.next('error')).toMatchObject({ CODE: 'invalid_message', ID: 'x' })
  })
})
