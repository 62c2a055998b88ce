import { describe, expect, it } from 'vitest'
import { expectNothing } from '../expectations.js'
import { person } from '../people.js'
import { running } from '../running.js'

// The seed's messages, word for word (its comma missing after a member and its comment are typing slips, not JSON).
describe("the seed's messages, as written", () => {
  const server = running()

  it('connect, call, callResponse, ICECandidate, HangUp between its two numbers', async () => {
    const first = await server.join({
      ...person(),
      firstname: 'First',
      lastname: 'Last',
      phone_number: '1234567890',
      email: 'somenice@domain.yup',
      password: 'SuperSecure',
    })
    const second = await server.join({ phone_number: '1212121212', email: 'other@domain.yup' })
    const [caller, callee] = [await server.wire(), await server.wire()]

    caller.sendText(`{
    "REASON": "connect",
    "TOKEN": "${first.token}"
}`)
    callee.sendText(`{
    "REASON": "connect",
    "TOKEN": "${second.token}"
}`)
    const hello = await caller.next('connected')
    expect(hello).toEqual({
      REASON: 'connected',
      PHONE_NUMBER: '1234567890',
      SESSION: expect.any(String),
      RESUMED: false,
      ICE_SERVERS: [],
      HEARTBEAT_SECONDS: 25,
      CALLS: [],
    })
    expect(await callee.next('connected')).toMatchObject({ PHONE_NUMBER: '1212121212' })

    caller.sendText(`{
    "REASON": "call",
    "SENDER_PHONE_NUMBER": "1234567890",
    "RECEIVER_PHONE_NUMBER": "1212121212",
    "SDP": "*SDP Request*"
}`)
    const incoming = await callee.next('call')
    expect(incoming).toEqual({
      REASON: 'call',
      CALL_ID: expect.any(String),
      SENDER_PHONE_NUMBER: '1234567890',
      RECEIVER_PHONE_NUMBER: '1212121212',
      SDP: '*SDP Request*',
      AGE_MS: expect.any(Number),
      SEQ: expect.any(Number),
    })
    expect(incoming.AGE_MS).toBeGreaterThanOrEqual(0)
    expect(incoming.AGE_MS).toBeLessThan(5_000)
    const { CALL_ID } = incoming
    expect(await caller.next('ringing')).toEqual({
      REASON: 'ringing',
      CALL_ID,
      RECEIVER_PHONE_NUMBER: '1212121212',
      SEQ: expect.any(Number),
    })

    callee.sendText(`{
    "REASON": "callResponse",
    "RESPONSE": "accept",
    "SENDER_PHONE_NUMBER": "1212121212",
    "RECEIVER_PHONE_NUMBER": "1234567890",
    "SDP": "*SDP Request*"
}`)
    expect(await caller.next('callResponse')).toEqual({
      REASON: 'callResponse',
      CALL_ID,
      RESPONSE: 'accept',
      SENDER_PHONE_NUMBER: '1212121212',
      RECEIVER_PHONE_NUMBER: '1234567890',
      SDP: '*SDP Request*',
      SEQ: expect.any(Number),
    })

    caller.sendText(`{
    "REASON": "ICECandidate",
    "RECEIVER_PHONE_NUMBER": "1212121212",
    "SENDER_PHONE_NUMBER": "1234567890",
    "CANDIDATE": "ICE Candidate"
}`)
    expect(await callee.next('ICECandidate')).toEqual({
      REASON: 'ICECandidate',
      CALL_ID,
      SENDER_PHONE_NUMBER: '1234567890',
      RECEIVER_PHONE_NUMBER: '1212121212',
      CANDIDATE: 'ICE Candidate',
      SEQ: expect.any(Number),
    })

    caller.sendText(`{
    "REASON": "HangUp",
    "SENDER_PHONE_NUMBER": "1234567890",
    "RECEIVER_PHONE_NUMBER": "1212121212"
}`)
    expect(await callee.next('HangUp')).toEqual({
      REASON: 'HangUp',
      CALL_ID,
      SENDER_PHONE_NUMBER: '1234567890',
      RECEIVER_PHONE_NUMBER: '1212121212',
      CAUSE: 'hung_up',
      SEQ: expect.any(Number),
    })

    caller.sendText(`{
    "REASON": "call",
    "SENDER_PHONE_NUMBER": "1234567890",
    "RECEIVER_PHONE_NUMBER": "1212121212",
    "SDP": "*SDP Request*"
}`)
    const again = await callee.next('call')
    expect(again.CALL_ID).not.toBe(CALL_ID)
    await caller.next('ringing')
    callee.sendText(`{
    "REASON": "callResponse",
    "RESPONSE": "deny",
    "SENDER_PHONE_NUMBER": "1212121212",
    "RECEIVER_PHONE_NUMBER": "1234567890",
    "SDP": "*SDP Request*"
}`)
    expect(await caller.next('callResponse')).toMatchObject({
      CALL_ID: again.CALL_ID,
      RESPONSE: 'deny',
      SENDER_PHONE_NUMBER: '1212121212',
      RECEIVER_PHONE_NUMBER: '1234567890',
    })
  })

  it('a call cancelled before an answer', async () => {
    const [caller, callee, bystander] = [await server.device(), await server.device(), await server.device()]
    caller.call(callee.number)
    const { CALL_ID } = await callee.next('call')
    await caller.next('ringing')
    caller.hangUp(callee.number)
    expect(await callee.next('HangUp')).toEqual({
      REASON: 'HangUp',
      CALL_ID,
      SENDER_PHONE_NUMBER: caller.number,
      RECEIVER_PHONE_NUMBER: callee.number,
      CAUSE: 'cancelled',
      SEQ: expect.any(Number),
    })
    callee.accept(caller.number)
    expect(await callee.next('error')).toMatchObject({ CODE: 'no_call' })
    await expectNothing(bystander, caller, callee)
    await expectNothing(caller, callee)
  })

  it('a call that the callee ends by HangUp instead of a denial', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number)
    await callee.next('call')
    await caller.next('ringing')
    callee.hangUp(caller.number)
    const end = await caller.until('the end', frame => ['HangUp', 'callResponse'].includes(frame.REASON))
    expect([end.RESPONSE, end.CAUSE]).toContain(end.REASON === 'HangUp' ? 'denied' : 'deny')
    await expectNothing(caller, callee)
  })
})
