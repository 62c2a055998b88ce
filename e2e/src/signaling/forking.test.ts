import { describe, expect, it } from 'vitest'
import { establish, expectHangUp, expectNothing, ring } from '../expectations.js'
import { running } from '../running.js'

const server = running()

describe('a call rings every device', () => {
  const two = async () => {
    const account = await server.join()
    return [await server.device(account), await server.device(await server.again(account))] as const
  }

  it('and the caller hears ringing once', async () => {
    const [caller, [one, other]] = [await server.device(), await two()]
    await ring(caller, one, other)
    await expectNothing(caller, one, other)
  })

  it('the first accept wins; the others get answered_elsewhere', async () => {
    const [caller, [one, other]] = [await server.device(), await two()]
    const callId = await ring(caller, one, other)
    one.accept(caller.number, 'answer of one')
    expect(await caller.next('callResponse')).toMatchObject({ SDP: 'answer of one', CALL_ID: callId })
    const end = await other.next('HangUp')
    expect(end).toMatchObject({
      CAUSE: 'answered_elsewhere',
      CALL_ID: callId,
      SENDER_PHONE_NUMBER: caller.number,
      RECEIVER_PHONE_NUMBER: other.number,
    })
    other.accept(caller.number, 'answer of other', { ID: 'late' })
    expect(await other.next('error')).toMatchObject({ CODE: 'no_call', ID: 'late' })
    await expectNothing(caller, one, other)
  })

  it('when both accept at once one wins, and no more than one', async () => {
    for (let round = 0; round < 10; round++) {
      const [caller, [one, other]] = [await server.device(), await two()]
      const callId = await ring(caller, one, other)
      one.accept(caller.number, 'one')
      other.accept(caller.number, 'other')
      const { SDP } = await caller.next('callResponse')
      const [winner, loser] = SDP === 'one' ? [one, other] : [other, one]
      await expectHangUp(loser, 'answered_elsewhere', callId)
      caller.candidate(winner.number, 'for the winner')
      await winner.next('ICECandidate')
      await loser.fence()
      await expectNothing(caller, winner, loser)
    }
  })

  it('a deny ends the ringing for all: declined_elsewhere to the others', async () => {
    const [caller, [one, other]] = [await server.device(), await two()]
    const callId = await ring(caller, one, other)
    other.deny(caller.number)
    expect(await caller.next('callResponse')).toMatchObject({ RESPONSE: 'deny', CALL_ID: callId })
    await expectHangUp(one, 'declined_elsewhere', callId)
    one.accept(caller.number, 'late', { ID: 'late' })
    expect(await one.next('error')).toMatchObject({ CODE: 'no_call' })
    await expectNothing(caller, one, other) // a denial is no HangUp
  })

  it('a cancelled call stops ringing everywhere', async () => {
    const [caller, [one, other]] = [await server.device(), await two()]
    const callId = await ring(caller, one, other)
    caller.hangUp(one.number)
    for (const device of [one, other]) await expectHangUp(device, 'cancelled', callId)
  })

  it("a caller's other devices hear nothing of its call", async () => {
    const [[one, other], callee] = [await two(), await server.device()]
    await establish(one, callee)
    callee.hangUp(one.number)
    await expectHangUp(one, 'hung_up')
    await expectNothing(other, one, callee)
  })

  it('a device that connects while it rings is given the call, with its age', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await ring(caller, callee)
    const late = await server.device(await server.again(callee.account))
    expect(late.hello.CALLS).toMatchObject([{ CALL_ID: callId, STATE: 'ringing' }])
    const incoming = await late.next('call')
    expect(incoming).toMatchObject({ CALL_ID: callId, SENDER_PHONE_NUMBER: caller.number })
    expect(incoming.AGE_MS).toBeGreaterThan(0)
    late.accept(caller.number)
    expect(await caller.next('callResponse')).toMatchObject({ RESPONSE: 'accept' })
    await expectHangUp(callee, 'answered_elsewhere', callId)
  })

  it('a device that connects after it is over is given nothing', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await ring(caller, callee)
    caller.hangUp(callee.number)
    await expectHangUp(callee, 'cancelled')
    const late = await server.device(await server.again(callee.account))
    expect(late.hello.CALLS).toEqual([])
    await expectNothing(late, caller)
  })
})

describe('only the two devices of a call act in it', () => {
  it("not a bystander, not another of the user's devices", async () => {
    const [caller, callee, eve] = [await server.device(), await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    await caller.fence()
    const otherOfCaller = await server.device(await server.again(caller.account))
    const otherOfCallee = await server.device(await server.again(callee.account))
    const attempts = (to: string) => [
      { REASON: 'callResponse', RESPONSE: 'accept', RECEIVER_PHONE_NUMBER: to, SDP: 'x' },
      { REASON: 'callResponse', RESPONSE: 'deny', RECEIVER_PHONE_NUMBER: to },
      { REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: to, CANDIDATE: 'x' },
      { REASON: 'HangUp', RECEIVER_PHONE_NUMBER: to },
    ]
    for (const [actor, to] of [
      [eve, caller.number],
      [eve, callee.number],
      [otherOfCaller, callee.number],
      [otherOfCallee, caller.number],
    ] as const) {
      for (const attempt of attempts(to)) {
        expect(await actor.ask(attempt)).toMatchObject({ REASON: 'error', CODE: 'no_call' })
        expect(await actor.ask({ ...attempt, CALL_ID: callId })).toMatchObject({ CODE: 'no_call' })
      }
    }
    await expectNothing(caller, eve)
    await expectNothing(callee, eve)
    caller.hangUp(callee.number)
    await expectHangUp(callee, 'hung_up', callId)
  })

  it('not the caller in the place of the callee: it cannot answer itself', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await ring(caller, callee)
    const answer = {
      REASON: 'callResponse',
      RESPONSE: 'accept',
      RECEIVER_PHONE_NUMBER: callee.number,
      SDP: 'x',
    }
    expect(await caller.ask(answer)).toMatchObject({ REASON: 'error', CODE: 'no_call' })
    await expectNothing(callee, caller)
  })

  it('a number called by its own holder is answered, and rings nowhere', async () => {
    const account = await server.join()
    const [device, other] = [await server.device(account), await server.device(await server.again(account))]
    const call = { REASON: 'call', RECEIVER_PHONE_NUMBER: device.number, SDP: 'x' }
    const answer = await device.ask(call)
    if (answer.REASON === 'ack')
      expect(['busy', 'unavailable']).toContain((await device.next('HangUp')).CAUSE)
    await expectNothing(device, other)
    await expectNothing(other, device)
  })

  it('nothing comes after a HangUp', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    callee.hangUp(caller.number)
    await expectHangUp(caller, 'hung_up')
    for (const [from, to] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      from.candidate(to.number, 'late')
      from.accept(to.number, 'late')
      from.hangUp(to.number)
      const answers = await from.fence()
      expect(answers.map(frame => frame.CODE)).toEqual(['no_call', 'no_call', 'no_call'])
      await expectNothing(to)
    }
  })
})
