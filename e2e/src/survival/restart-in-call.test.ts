import { describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { establish, expectHangUp, ring } from '../expectations.js'
import { running } from '../running.js'

const isCall = (frame: { REASON: string }) => frame.REASON === 'call'

describe.each(['SIGKILL', 'SIGTERM'] as const)('a server that restarts by %s', signal => {
  const server = running({ env: { RING_TIMEOUT_SECONDS: '20' } })
  const restart = async () => {
    if (signal === 'SIGKILL') await server.kill()
    else await server.stop()
    await server.start()
  }
  /** The seed's clients get no `ack`: what the history shows is what a killed server must know again. */
  const written = (device: Device, row: object) =>
    expect
      .poll(async () => {
        const { token } = device.account
        return (await server.rest('GET', '/get_call_history', { token })).body.calls
      })
      .toMatchObject([row])
  /** The seed's clients know neither SESSION nor CALL_ID: the same token is all they bring. */
  const comeBack = {
    'with SESSION': (device: Device) => device.resume(),
    'with a plain connect': (device: Device) => device.reconnect(),
  }

  it.each(Object.entries(comeBack))('mid-call: the parties come back %s and go on', async (_, back) => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    await written(caller, { call_id: callId, answered_at: expect.any(String) })
    await restart()
    for (const device of [caller, callee]) {
      expect((await back(device)).CALLS).toEqual([
        {
          CALL_ID: callId,
          SENDER_PHONE_NUMBER: caller.number,
          RECEIVER_PHONE_NUMBER: callee.number,
          STATE: 'established',
          HERE: true,
        },
      ])
    }
    caller.candidate(callee.number, 'from the caller')
    expect(await callee.until('it', frame => frame.REASON === 'ICECandidate')).toMatchObject({
      CALL_ID: callId,
      CANDIDATE: 'from the caller',
    })
    callee.candidate(caller.number, 'from the callee')
    expect(await caller.until('it', frame => frame.REASON === 'ICECandidate')).toMatchObject({
      CALL_ID: callId,
      CANDIDATE: 'from the callee',
    })
    callee.call(caller.number, 'restart of ICE')
    expect(await caller.next('call')).toMatchObject({ CALL_ID: callId, SDP: 'restart of ICE' })
    caller.accept(callee.number, 'restart answered')
    expect(await callee.next('callResponse')).toMatchObject({ CALL_ID: callId, SDP: 'restart answered' })
    caller.hangUp(callee.number)
    await expectHangUp(callee, 'hung_up', callId)
    const history = await server.rest('GET', '/get_call_history', { token: caller.account.token })
    expect(history.body.calls).toMatchObject([{ call_id: callId, answered_at: expect.any(String) }])
  })

  it.each(Object.entries(comeBack))('mid-ring: the parties come back %s and answer', async (_, back) => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await ring(caller, callee)
    caller.candidate(callee.number, 'before')
    callee.candidate(caller.number, 'held')
    await Promise.all([caller.fence(), callee.fence()])
    await written(caller, { call_id: callId })
    await restart()
    await back(callee)
    expect(callee.hello.CALLS).toMatchObject([{ CALL_ID: callId, STATE: 'ringing' }])
    await back(caller)
    expect(caller.hello.CALLS).toMatchObject([{ CALL_ID: callId, STATE: 'ringing' }])
    callee.accept(caller.number, 'late answer')
    expect(await caller.until('the answer', frame => frame.REASON === 'callResponse')).toMatchObject({
      CALL_ID: callId,
      SDP: 'late answer',
    })
    caller.candidate(callee.number, 'after')
    await callee.until('it', frame => frame.CANDIDATE === 'after')
    callee.hangUp(caller.number)
    await caller.until('the end', frame => frame.CAUSE === 'hung_up')
  })

  it('mid-ring: a device that comes by a plain connect is given the call again, with its age', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number, { type: 'offer', sdp: 'half \ud800 and NUL \u0000' }, { ID: 'call' })
    const before = await callee.next('call')
    await caller.until('the ack', frame => frame.REASON === 'ack')
    await restart()
    await callee.reconnect()
    const again = await callee.until('the call', isCall)
    expect(again).toMatchObject({
      CALL_ID: before.CALL_ID,
      SENDER_PHONE_NUMBER: caller.number,
      SDP: before.SDP,
    })
    expect(Number(again.AGE_MS)).toBeGreaterThan(0)
    await caller.reconnect()
    caller.hangUp(callee.number)
    await callee.until('the end', frame => frame.CAUSE === 'cancelled')
  })

  it('mid-ring: a new device of the receiver rings as well', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number, 'x', { ID: 'call' })
    const { CALL_ID } = await callee.next('call')
    await caller.until('the ack', frame => frame.REASON === 'ack')
    await restart()
    await caller.resume()
    const fresh = await server.device(await server.again(callee.account))
    expect(await fresh.until('the call', isCall)).toMatchObject({ CALL_ID })
    fresh.accept(caller.number)
    expect(await caller.until('the answer', frame => frame.REASON === 'callResponse')).toMatchObject({
      CALL_ID,
    })
  })

  it('keeps tokens, users and contacts', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    const { token } = ada
    await server.rest('POST', '/add_contact', { token, body: { contact_phonenumber: ben.phone_number } })
    const out = await server.join()
    await server.rest('POST', '/logout', { token: out.token })
    await restart()
    const { body } = await server.rest('GET', '/get_contacts', { token })
    expect(body.contacts).toMatchObject([{ phone_number: ben.phone_number }])
    expect((await server.rest('GET', '/get_user', { token: out.token })).status).toBe(401)
  })
})

describe('timers of calls', () => {
  const server = running({ env: { RING_TIMEOUT_SECONDS: '4', RESUME_WINDOW_SECONDS: '3' } })

  /** What an answer of the history has told is known to a killed server again. */
  const written = ({ account }: Device) => server.rest('GET', '/get_call_history', { token: account.token })

  it('a restart loses neither the ring nor its timeout', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const since = performance.now()
    const callId = await ring(caller, callee)
    await written(caller)
    await server.kill()
    await server.start()
    await Promise.all([caller.resume(), callee.resume()])
    for (const device of [caller, callee]) {
      const end = await device.until('the end', frame => frame.REASON === 'HangUp')
      expect(end).toMatchObject({ CAUSE: 'no_answer', CALL_ID: callId })
    }
    expect(performance.now() - since).toBeGreaterThan(3_000)
    expect(performance.now() - since).toBeLessThan(8_000)
  })

  it('a party that stays away after a restart ends the call with connection_lost', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    await written(caller)
    await server.kill()
    await server.start()
    await caller.resume()
    const end = await caller.until('the end', frame => frame.REASON === 'HangUp')
    expect(end).toMatchObject({ CAUSE: 'connection_lost', CALL_ID: callId })
  })

  it('when nobody comes back the call ends all the same', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    await written(caller)
    await server.kill()
    await server.start()
    const row = async () => {
      const { body } = await server.rest('GET', '/get_call_history', { token: caller.account.token })
      return body.calls
    }
    await expect
      .poll(row, { timeout: 10_000 })
      .toMatchObject([{ call_id: callId, ended_at: expect.any(String) }])
  })
})
