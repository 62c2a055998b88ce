import { describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { establish, expectHangUp, expectNothing, ring } from '../expectations.js'
import { running } from '../running.js'

const candidates = async (device: Device, count: number) => {
  const seen: unknown[] = []
  for (let n = 0; n < count; n++) seen.push((await device.next('ICECandidate')).CANDIDATE)
  return seen
}

describe('candidates', () => {
  const server = running()

  it("the callee's are held until it accepts, then follow its answer in order", async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await ring(caller, callee)
    const sent = Array.from({ length: 20 }, (_, n) => `callee ${n}`)
    for (const candidate of sent) callee.candidate(caller.number, candidate)
    await expectNothing(caller, callee)
    callee.accept(caller.number)
    callee.candidate(caller.number, 'after the answer')
    await caller.next('callResponse')
    expect(await candidates(caller, 21)).toEqual([...sent, 'after the answer'])
    await expectNothing(caller, callee)
  })

  it("the callee's never reach a caller that it denied, nor one that gave up", async () => {
    for (const end of ['deny', 'cancel'] as const) {
      const [caller, callee] = [await server.device(), await server.device()]
      await ring(caller, callee)
      callee.candidate(caller.number, 'an address')
      await callee.fence()
      if (end === 'deny') {
        callee.deny(caller.number)
        await caller.next('callResponse')
      } else {
        caller.hangUp(callee.number)
        await expectHangUp(callee, 'cancelled')
      }
      await expectNothing(caller, callee)
    }
  })

  it('of the devices that ring, those of the one that accepts alone are delivered', async () => {
    const caller = await server.device()
    const account = await server.join()
    const [one, two] = [await server.device(account), await server.device(await server.again(account))]
    await ring(caller, one, two)
    one.candidate(caller.number, 'from one')
    two.candidate(caller.number, 'from two')
    await one.fence()
    await two.fence()
    two.accept(caller.number)
    await caller.next('callResponse')
    expect(await candidates(caller, 1)).toEqual(['from two'])
    await expectHangUp(one, 'answered_elsewhere')
    one.candidate(caller.number, 'too late', { ID: 'late' })
    expect(await one.next('error')).toMatchObject({ CODE: 'no_call', ID: 'late' })
    await expectNothing(caller, two)
  })

  it("the caller's reach every ringing device in order, one that connects while it rings included", async () => {
    const caller = await server.device()
    const account = await server.join()
    const [one, two] = [await server.device(account), await server.device(await server.again(account))]
    const callId = await ring(caller, one, two)
    const sent = Array.from({ length: 10 }, (_, n) => `caller ${n}`)
    for (const candidate of sent) caller.candidate(account.phone_number, candidate)
    expect(await candidates(one, 10)).toEqual(sent)
    expect(await candidates(two, 10)).toEqual(sent)

    const late = await server.device(await server.again(account))
    const incoming = await late.next('call')
    expect(incoming).toMatchObject({ CALL_ID: callId, SENDER_PHONE_NUMBER: caller.number })
    expect(await candidates(late, 10)).toEqual(sent)
    caller.candidate(account.phone_number, 'one more')
    for (const device of [one, two, late]) expect(await candidates(device, 1)).toEqual(['one more'])
    expect(await caller.fence()).toEqual([]) // `ringing` came once

    late.accept(caller.number)
    await caller.next('callResponse')
    for (const device of [one, two]) await expectHangUp(device, 'answered_elsewhere', callId)
    caller.candidate(account.phone_number, 'for the winner')
    expect(await candidates(late, 1)).toEqual(['for the winner'])
    await expectNothing(one, caller)
    await expectNothing(two, caller)
  })

  it("the caller's sent with the call in one breath follow the call", async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number)
    for (let n = 0; n < 5; n++) caller.candidate(callee.number, `early ${n}`)
    await callee.next('call')
    expect(await candidates(callee, 5)).toEqual([0, 1, 2, 3, 4].map(n => `early ${n}`))
  })

  it('flow within a call alone', async () => {
    const [ada, ben] = [await server.device(), await server.device()]
    ada.candidate(ben.number, 'unasked', { ID: 'a' })
    expect(await ada.next('error')).toMatchObject({ CODE: 'no_call', ID: 'a' })
    await establish(ada, ben)
    ada.hangUp(ben.number)
    await expectHangUp(ben, 'hung_up')
    for (const [from, to] of [
      [ada, ben],
      [ben, ada],
    ] as const) {
      from.candidate(to.number, 'late', { ID: 'late' })
      expect(await from.until('it', frame => frame.ID === 'late')).toMatchObject({ CODE: 'no_call' })
    }
    await expectNothing(ada, ben)
    await expectNothing(ben, ada)
  })

  it('keep their order among calls, answers and hang-ups of one sender', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    for (let n = 0; n < 60; n++) {
      caller.candidate(callee.number, n % 3 ? `text ${n}` : { candidate: `object ${n}` })
      if (n % 20 === 10) caller.call(callee.number, `renegotiation ${n}`)
    }
    caller.hangUp(callee.number)
    const seen = []
    for (;;) {
      const frame = await callee.until('anything', () => true)
      if (frame.REASON === 'HangUp') break
      seen.push(frame.REASON === 'call' ? frame.SDP : frame.CANDIDATE)
    }
    const sent = Array.from({ length: 60 }, (_, n) => [
      n % 3 ? `text ${n}` : { candidate: `object ${n}` },
      ...(n % 20 === 10 ? [`renegotiation ${n}`] : []),
    ]).flat()
    expect(seen).toEqual(sent)
  })
})
