import { describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { establish, expectHangUp, expectNothing } from '../expectations.js'
import { running } from '../running.js'
import type { Frame } from '../wire.js'

const server = running()

describe('busy', () => {
  it('a receiver in a call is busy, and hears nothing of it', async () => {
    const [ada, ben, cyd] = [await server.device(), await server.device(), await server.device()]
    await establish(ada, ben)
    await ada.fence()
    for (const receiver of [ada, ben]) {
      cyd.call(receiver.number)
      const end = await cyd.next('HangUp')
      expect(end).toEqual({
        REASON: 'HangUp',
        CALL_ID: expect.any(String),
        SENDER_PHONE_NUMBER: receiver.number,
        RECEIVER_PHONE_NUMBER: cyd.number,
        CAUSE: 'busy',
        SEQ: expect.any(Number),
      })
      await expectNothing(receiver, cyd)
    }
  })

  it('is free again once the call is over', async () => {
    const [ada, ben, cyd] = [await server.device(), await server.device(), await server.device()]
    await establish(ada, ben)
    ben.hangUp(ada.number)
    await ada.until('the end', frame => frame.REASON === 'HangUp')
    cyd.call(ben.number)
    expect(await ben.next('call')).toMatchObject({ SENDER_PHONE_NUMBER: cyd.number })
    expect(await cyd.next('ringing')).toMatchObject({ RECEIVER_PHONE_NUMBER: ben.number })
  })

  it('a device in a call cannot start another: call_in_progress', async () => {
    const [ada, ben, cyd] = [await server.device(), await server.device(), await server.device()]
    const callId = await establish(ada, ben)
    ada.call(cyd.number, 'x', { ID: 'second' })
    expect(await ada.until('it', frame => frame.ID === 'second')).toMatchObject({ CODE: 'call_in_progress' })
    await expectNothing(cyd, ada)
    ada.candidate(ben.number, 'the first goes on')
    expect(await ben.next('ICECandidate')).toMatchObject({ CALL_ID: callId })
  })

  it('nor while its call rings', async () => {
    const [ada, ben, cyd] = [await server.device(), await server.device(), await server.device()]
    ada.call(ben.number)
    await ben.next('call')
    ada.call(cyd.number, 'x', { ID: 'second' })
    expect(await ada.until('it', frame => frame.ID === 'second')).toMatchObject({ CODE: 'call_in_progress' })
    ada.call(ben.number, 'x', { ID: 'again' })
    expect(await ada.until('it', frame => frame.ID === 'again')).toMatchObject({ CODE: 'call_in_progress' })
    await expectNothing(cyd, ada)
    await expectNothing(ben, ada)
  })
})

describe('glare', () => {
  /** What a device is sent up to what became of its own call. */
  const fate = async (device: Device) => {
    const seen: Frame[] = []
    while (!seen.some(frame => frame.REASON === 'ringing' || frame.REASON === 'HangUp')) {
      seen.push(await device.until('anything', () => true))
    }
    return seen
  }

  it('of two calls at once the one taken first stands', async () => {
    for (let round = 0; round < 20; round++) {
      const [ada, ben] = [await server.device(), await server.device()]
      ada.call(ben.number, 'offer of ada')
      ben.call(ada.number, 'offer of ben')
      const [adaSaw, benSaw] = await Promise.all([fate(ada), fate(ben)])
      const both = [...adaSaw, ...benSaw, ...(await ada.fence()), ...(await ben.fence())]
      const of = (reason: string) => both.filter(frame => frame.REASON === reason)
      expect(both.map(frame => frame.REASON).toSorted()).toEqual(['HangUp', 'call', 'ringing'])
      const [lost, standing] = [of('HangUp')[0], of('ringing')[0]?.CALL_ID]
      expect(lost).toMatchObject({ CAUSE: 'glare' })
      expect(lost?.CALL_ID).not.toBe(standing)
      expect(of('call')[0]?.CALL_ID).toBe(standing)
      const adaStands = adaSaw.some(frame => frame.REASON === 'ringing')
      const [caller, callee] = adaStands ? [ada, ben] : [ben, ada]

      callee.accept(caller.number)
      expect(await caller.next('callResponse')).toMatchObject({ RESPONSE: 'accept', CALL_ID: standing })
      caller.candidate(callee.number, 'one call')
      expect(await callee.next('ICECandidate')).toMatchObject({ CALL_ID: standing })
      caller.hangUp(callee.number)
      await expectHangUp(callee, 'hung_up', String(standing))
      for (const device of [ada, ben]) {
        const late = await device.fence()
        expect(late).toEqual([])
      }
    }
  })

  it('a callee that calls back while it rings has the incoming call to answer', async () => {
    const [ada, ben] = [await server.device(), await server.device()]
    ada.call(ben.number)
    const incoming = await ben.next('call')
    await ada.next('ringing')
    ben.call(ada.number)
    const end = await ben.next('HangUp')
    expect(end).toMatchObject({
      CAUSE: 'glare',
      SENDER_PHONE_NUMBER: ada.number,
      RECEIVER_PHONE_NUMBER: ben.number,
    })
    expect(end.CALL_ID).not.toBe(incoming.CALL_ID)
    await expectNothing(ada, ben)
    ben.accept(ada.number)
    expect(await ada.next('callResponse')).toMatchObject({ CALL_ID: incoming.CALL_ID })
  })

  it("another of the callee's devices that calls back loses too", async () => {
    const [ada, ben] = [await server.device(), await server.device()]
    const other = await server.device(await server.again(ben.account))
    ada.call(ben.number)
    await ben.next('call')
    await other.next('call')
    other.call(ada.number)
    await expectHangUp(other, 'glare')
    other.accept(ada.number)
    await ada.until('the answer', frame => frame.REASON === 'callResponse')
    await expectHangUp(ben, 'answered_elsewhere')
  })
})
