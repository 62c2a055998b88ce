import { describe, expect, it } from 'vitest'
import { establish, expectHangUp, expectNothing } from '../expectations.js'
import { freshNumber } from '../people.js'
import { running } from '../running.js'

const server = running()

describe('a call within an established call', () => {
  it('renegotiates: the same CALL_ID, no ringing, from either side', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    await caller.fence()
    for (const [from, to] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      from.call(to.number, 'new offer')
      expect(await to.next('call')).toEqual({
        REASON: 'call',
        CALL_ID: callId,
        SENDER_PHONE_NUMBER: from.number,
        RECEIVER_PHONE_NUMBER: to.number,
        SDP: 'new offer',
        AGE_MS: expect.any(Number),
        SEQ: expect.any(Number),
      })
      to.accept(from.number, 'new answer')
      expect(await from.next('callResponse')).toMatchObject({
        CALL_ID: callId,
        RESPONSE: 'accept',
        SDP: 'new answer',
        SENDER_PHONE_NUMBER: to.number,
        RECEIVER_PHONE_NUMBER: from.number,
      })
      await expectNothing(from, to)
    }
    caller.hangUp(callee.number)
    await expectHangUp(callee, 'hung_up', callId)
  })

  it('a denied renegotiation leaves the call standing', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    caller.call(callee.number, 'new offer')
    await callee.next('call')
    callee.deny(caller.number)
    expect(await caller.until('it', frame => frame.RESPONSE === 'deny')).toMatchObject({ CALL_ID: callId })
    caller.candidate(callee.number, 'goes on')
    expect(await callee.next('ICECandidate')).toMatchObject({ CALL_ID: callId })
  })

  it('rings no other device of either', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    const others = [
      await server.device(await server.again(caller.account)),
      await server.device(await server.again(callee.account)),
    ]
    caller.call(callee.number, 'new offer')
    await callee.next('call')
    for (const other of others) await expectNothing(other, caller)
  })

  it('is one call in the history', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    caller.call(callee.number, 'new offer')
    await callee.next('call')
    callee.accept(caller.number)
    caller.hangUp(callee.number)
    await callee.until('the end', frame => frame.REASON === 'HangUp')
    const calls = async () =>
      (await server.rest('GET', '/get_call_history', { token: caller.account.token })).body.calls
    await expect
      .poll(calls, { timeout: 5_000 })
      .toMatchObject([{ call_id: callId, outcome: 'answered', ended_at: expect.any(String) }])
  })
})

describe('a number that changes', () => {
  it('moves the live sockets with it at once; the old one is unreachable', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const old = callee.number
    const number = freshNumber()
    await server.rest('PUT', '/put_phonenumber', {
      token: callee.account.token,
      body: { phonenumber: number },
    })
    caller.call(old)
    expect(await caller.next('HangUp')).toMatchObject({ CAUSE: 'unavailable', SENDER_PHONE_NUMBER: old })
    caller.call(number)
    const incoming = await callee.next('call')
    expect(incoming).toMatchObject({ RECEIVER_PHONE_NUMBER: number, SENDER_PHONE_NUMBER: caller.number })
    const answer = {
      REASON: 'callResponse',
      RESPONSE: 'accept',
      RECEIVER_PHONE_NUMBER: caller.number,
      SDP: 'x',
    }
    expect(await callee.ask({ ...answer, SENDER_PHONE_NUMBER: old })).toMatchObject({
      CODE: 'sender_mismatch',
    })
    callee.send({ ...answer, SENDER_PHONE_NUMBER: number })
    expect(await caller.until('it', frame => frame.REASON === 'callResponse')).toMatchObject({
      SENDER_PHONE_NUMBER: number,
    })
  })

  it('is the sender of what is sent after', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const number = freshNumber()
    await server.rest('PUT', '/put_phonenumber', {
      token: caller.account.token,
      body: { phonenumber: number },
    })
    caller.send({ REASON: 'call', RECEIVER_PHONE_NUMBER: callee.number, SDP: 'x' })
    expect(await callee.next('call')).toMatchObject({ SENDER_PHONE_NUMBER: number })
  })

  it('taken over by another, rings that other', async () => {
    const [caller, leaving, taking] = [await server.device(), await server.device(), await server.device()]
    const take = (token: string, phonenumber: string) =>
      server.rest('PUT', '/put_phonenumber', { token, body: { phonenumber } })
    await take(leaving.account.token, freshNumber())
    expect((await take(taking.account.token, leaving.number)).status).toBe(200)
    caller.call(leaving.number)
    await taking.next('call')
    await expectNothing(leaving, caller)
  })
})
