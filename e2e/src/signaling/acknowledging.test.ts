import { describe, expect, it } from 'vitest'
import { freshSdp } from '../device.js'
import { establish, expectNothing } from '../expectations.js'
import { freshNumber } from '../people.js'
import { running } from '../running.js'

describe('messages with an ID', () => {
  const server = running()

  it('are acknowledged, each of the five', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const to = { RECEIVER_PHONE_NUMBER: callee.number }
    const from = { RECEIVER_PHONE_NUMBER: caller.number }
    expect(await caller.ask({ REASON: 'call', ...to, SDP: freshSdp() })).toMatchObject({ REASON: 'ack' })
    expect(await caller.ask({ REASON: 'ICECandidate', ...to, CANDIDATE: null })).toMatchObject({
      REASON: 'ack',
    })
    await callee.next('call')
    const accept = { REASON: 'callResponse', RESPONSE: 'accept', ...from, SDP: freshSdp() }
    expect(await callee.ask(accept)).toMatchObject({ REASON: 'ack' })
    expect(await callee.ask({ REASON: 'HangUp', ...from })).toMatchObject({ REASON: 'ack' })
  })

  it('are answered by an ack of two members and SEQ', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number, 'sdp', { ID: 'a'.repeat(64) })
    const ack = await caller.until('the ack', frame => frame.REASON === 'ack')
    expect(ack).toEqual({ REASON: 'ack', ID: 'a'.repeat(64), SEQ: expect.any(Number) })
  })

  it('are not repeated when they come again', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    for (let n = 0; n < 3; n++) caller.candidate(callee.number, 'once', { ID: 'x1' })
    for (let n = 0; n < 3; n++) expect(await caller.next('ack')).toMatchObject({ ID: 'x1' })
    expect(await caller.fence()).toEqual([])
    expect(await callee.next('ICECandidate')).toMatchObject({ CANDIDATE: 'once' })
    expect(await callee.fence()).toEqual([])
  })

  it('are known by session: two devices may use the same ID', async () => {
    const callee = await server.device()
    const [one, two] = [await server.device(), await server.device()]
    one.call(callee.number, 'one', { ID: 'same' })
    expect((await callee.next('call')).SDP).toBe('one')
    one.hangUp(callee.number)
    await callee.next('HangUp')
    two.call(callee.number, 'two', { ID: 'same' })
    expect((await callee.next('call')).SDP).toBe('two')
  })

  it('that are refused get an error with that ID', async () => {
    const [ada, ben, cyd] = [await server.device(), await server.device(), await server.device()]
    const to = { RECEIVER_PHONE_NUMBER: ben.number }
    const mismatch = { REASON: 'call', SENDER_PHONE_NUMBER: cyd.number, ...to, SDP: 'x' }
    expect(await ada.ask(mismatch)).toMatchObject({ REASON: 'error', CODE: 'sender_mismatch' })
    expect(await ada.ask({ REASON: 'HangUp', ...to })).toMatchObject({ REASON: 'error', CODE: 'no_call' })
    expect(await ada.ask({ REASON: 'dance' })).toMatchObject({ REASON: 'error', CODE: 'invalid_message' })
    await expectNothing(ben, ada)
    await expectNothing(cyd, ada)
  })

  it.each(['call', 'callResponse', 'ICECandidate', 'HangUp'])(
    'a false sender is refused in %s and nothing is delivered',
    async reason => {
      const [ada, ben, eve] = [await server.device(), await server.device(), await server.device()]
      if (reason !== 'call') await establish(ada, ben)
      await ada.fence()
      const lie = {
        REASON: reason,
        SENDER_PHONE_NUMBER: eve.number,
        RECEIVER_PHONE_NUMBER: ben.number,
        SDP: 'x',
        CANDIDATE: 'x',
        RESPONSE: 'accept',
      }
      expect(await ada.ask(lie)).toMatchObject({ REASON: 'error', CODE: 'sender_mismatch' })
      const unknown = { ...lie, SENDER_PHONE_NUMBER: freshNumber() }
      expect(await ada.ask(unknown)).toMatchObject({ REASON: 'error', CODE: 'sender_mismatch' })
      await expectNothing(ben, ada)
      await expectNothing(eve)
    },
  )

  it('a sender may be left out, and is told truly', async () => {
    const [ada, ben] = [await server.device(), await server.device()]
    ada.send({ REASON: 'call', RECEIVER_PHONE_NUMBER: ben.number, SDP: 'x' })
    expect(await ben.next('call')).toMatchObject({ SENDER_PHONE_NUMBER: ada.number })
  })

  it('members the protocol does not know are ignored and never forwarded', async () => {
    const [ada, ben] = [await server.device(), await server.device()]
    ada.call(ben.number, 'x', { CAUSE: 'busy', SEQ: 999, AGE_MS: -5, COLOUR: 'red' })
    const frame = await ben.next('call')
    expect(Object.keys(frame).toSorted()).toEqual(
      [
        'AGE_MS',
        'CALL_ID',
        'REASON',
        'RECEIVER_PHONE_NUMBER',
        'SDP',
        'SENDER_PHONE_NUMBER',
        'SEQ',
      ].toSorted(),
    )
    expect(frame.SEQ).not.toBe(999)
    expect(frame.AGE_MS).toBeGreaterThanOrEqual(0)
  })

  it('in every call of a pair, the CALL_ID named is the one acted in', async () => {
    const [ada, ben] = [await server.device(), await server.device()]
    const callId = await establish(ada, ben)
    ada.candidate(ben.number, 'wrong call', { CALL_ID: '0190b0a0-0000-7000-8000-000000000000', ID: 'w' })
    expect(await ada.until('it', frame => frame.ID === 'w')).toMatchObject({ CODE: 'no_call' })
    ada.candidate(ben.number, 'right call', { CALL_ID: callId })
    expect(await ben.next('ICECandidate')).toMatchObject({ CANDIDATE: 'right call' })
  })
})
