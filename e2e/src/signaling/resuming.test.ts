import { describe, expect, it } from 'vitest'
import { establish, expectClosed, ring } from '../expectations.js'
import { running } from '../running.js'

const server = running()

describe('resuming', () => {
  it('sends again what followed LAST_SEQ, in order, with its SEQ', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    const { session } = callee
    const seq = callee.lastSeq
    await callee.drop()
    for (const n of [1, 2, 3]) caller.candidate(callee.number, `candidate ${n}`)
    caller.hangUp(callee.number)
    await caller.fence()
    expect(await callee.resume()).toMatchObject({
      RESUMED: true,
      SESSION: session,
      PHONE_NUMBER: callee.number,
    })
    for (const n of [1, 2, 3]) {
      expect(await callee.next('ICECandidate')).toMatchObject({
        CANDIDATE: `candidate ${n}`,
        CALL_ID: callId,
      })
    }
    const end = await callee.next('HangUp')
    expect(end).toMatchObject({ CAUSE: 'hung_up', CALL_ID: callId })
    expect(Number(end.SEQ)).toBeGreaterThan(seq)
    expect(await callee.fence()).toEqual([])
  })

  it('sends again what an older LAST_SEQ names, and nothing twice for a newer', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await ring(caller, callee)
    for (const n of [1, 2]) caller.candidate(callee.number, `candidate ${n}`)
    const seen = [await callee.next('ICECandidate'), await callee.next('ICECandidate')]
    await callee.drop()
    await callee.resume({ LAST_SEQ: 0 })
    expect(await callee.next('call')).toMatchObject({ CALL_ID: callId })
    expect(await callee.next('ICECandidate')).toEqual(seen[0])
    expect(await callee.next('ICECandidate')).toEqual(seen[1])
    await callee.drop()
    await callee.resume({ LAST_SEQ: Number(seen[0]?.SEQ) })
    expect(await callee.next('ICECandidate')).toEqual(seen[1])
    expect(await callee.fence()).toEqual([])
  })

  it('lists the calls of the user in CALLS', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await ring(caller, callee)
    await caller.drop()
    expect((await caller.resume()).CALLS).toEqual([
      {
        CALL_ID: callId,
        SENDER_PHONE_NUMBER: caller.number,
        RECEIVER_PHONE_NUMBER: callee.number,
        STATE: 'ringing',
        HERE: true,
      },
    ])
    callee.accept(caller.number)
    await caller.until('the answer', frame => frame.REASON === 'callResponse')
    await caller.drop()
    expect((await caller.resume()).CALLS).toMatchObject([
      { CALL_ID: callId, STATE: 'established', HERE: true },
    ])
    const elsewhere = await server.device(await server.again(caller.account))
    expect(elsewhere.hello.CALLS).toMatchObject([{ CALL_ID: callId, STATE: 'established', HERE: false }])
  })

  it('goes on in a call after a lost socket, both ways', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    for (const device of [caller, callee]) {
      await device.drop()
      expect(await device.resume()).toMatchObject({ RESUMED: true })
    }
    caller.candidate(callee.number, 'from the caller')
    expect(await callee.next('ICECandidate')).toMatchObject({ CANDIDATE: 'from the caller' })
    callee.candidate(caller.number, 'from the callee')
    expect(await caller.next('ICECandidate')).toMatchObject({ CANDIDATE: 'from the callee' })
    callee.hangUp(caller.number)
    expect(await caller.next('HangUp')).toMatchObject({ CAUSE: 'hung_up' })
  })

  it('closes the socket that a session left with 4409', async () => {
    const device = await server.device()
    const left = device.closed
    await device.resume()
    expect((await left).code).toBe(4409)
    expect(await device.fence()).toEqual([])
  })

  it('gives a fresh session for an unknown one, and for none', async () => {
    const device = await server.device()
    const { session } = device
    await device.drop()
    expect(await device.reconnect({ SESSION: 'no-such-session', LAST_SEQ: 3 })).toMatchObject({
      RESUMED: false,
    })
    expect(device.session).not.toBe(session)
    expect(device.session).not.toBe('no-such-session')
    const plain = await server.device(device.account)
    expect(plain.hello).toMatchObject({ RESUMED: false })
    expect(plain.session).not.toBe(device.session)
  })

  it("does not give away another user's session", async () => {
    const [caller, callee, eve] = [await server.device(), await server.device(), await server.join()]
    await ring(caller, callee)
    await callee.drop()
    const thief = await server.device(eve)
    await thief.reconnect({ SESSION: callee.session, LAST_SEQ: 0 })
    expect(thief.hello).toMatchObject({ RESUMED: false, PHONE_NUMBER: eve.phone_number, CALLS: [] })
    expect(await thief.fence()).toEqual([])
    expect(await callee.resume()).toMatchObject({ RESUMED: true })
  })

  it('keeps 256 messages: past that RESUMED is false, and CALLS tells where things stand', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    await callee.drop()
    for (let n = 0; n < 300; n++) caller.call(callee.number, `renegotiation ${n}`)
    await caller.fence()
    expect(await callee.resume()).toMatchObject({
      RESUMED: false,
      CALLS: [{ CALL_ID: callId, STATE: 'established' }],
    })
    caller.candidate(callee.number, 'after all')
    expect(await callee.until('the candidate', frame => frame.REASON === 'ICECandidate')).toMatchObject({
      CANDIDATE: 'after all',
    })
  })

  it('replays 250', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    await callee.drop()
    for (let n = 0; n < 250; n++) caller.call(callee.number, `renegotiation ${n}`)
    await caller.fence()
    expect(await callee.resume()).toMatchObject({ RESUMED: true })
    for (let n = 0; n < 250; n++) expect((await callee.next('call')).SDP).toBe(`renegotiation ${n}`)
  })

  it('answers bad resume members by name and lets the socket try again', async () => {
    const account = await server.join()
    const wire = await server.wire()
    for (const bad of [{ SESSION: 7 }, { LAST_SEQ: -1 }, { LAST_SEQ: '3' }, { LAST_SEQ: 1.5 }]) {
      wire.send({ REASON: 'connect', TOKEN: account.token, ...bad })
      expect(await wire.next('error')).toMatchObject({ CODE: 'invalid_message' })
    }
    wire.send({ REASON: 'connect', TOKEN: account.token })
    await wire.next('connected')
  })

  it('an ID stays spent after a resume', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number, 'sdp', { ID: 'the-call' })
    await callee.next('call')
    await caller.until('the ack', frame => frame.REASON === 'ack')
    await caller.drop()
    await caller.resume()
    caller.call(callee.number, 'sdp', { ID: 'the-call' })
    expect(await caller.until('the ack', frame => frame.ID === 'the-call')).toMatchObject({ REASON: 'ack' })
    expect(await callee.fence()).toEqual([])
  })
})

describe('devices of one user', () => {
  it('a sixth displaces the one longest connected', async () => {
    const account = await server.join()
    const devices = [await server.device(account)]
    for (let n = 1; n < 5; n++) devices.push(await server.device(await server.again(account)))
    const [first, ...others] = devices
    if (!first) throw new Error('no first device')
    const sixth = await server.device(await server.again(account))
    await expectClosed(first, 4409)
    for (const device of [...others, sixth]) expect(await device.fence()).toEqual([])
    const caller = await server.device()
    caller.call(account.phone_number)
    for (const device of [...others, sixth]) await device.next('call')
  })

  it('a sixth spares the one in a call', async () => {
    const account = await server.join()
    const first = await server.device(account)
    const peer = await server.device()
    const callId = await establish(peer, first)
    const second = await server.device(await server.again(account))
    for (let n = 2; n < 5; n++) await server.device(await server.again(account))
    await server.device(await server.again(account))
    await expectClosed(second, 4409)
    first.candidate(peer.number, 'still here')
    expect(await peer.until('it', frame => frame.REASON === 'ICECandidate')).toMatchObject({
      CALL_ID: callId,
    })
  })

  it('with all five in calls the sixth is refused with 4429', async () => {
    const account = await server.join()
    for (let n = 0; n < 5; n++) {
      const [mine, peer] = [await server.device(await server.again(account)), await server.device()]
      await establish(mine, peer)
    }
    await expect(server.device(await server.again(account))).rejects.toThrow(/4429/)
  })

  it('sockets with one token are devices of their own', async () => {
    const account = await server.join()
    const [one, two] = [await server.device(account), await server.device(account)]
    expect(one.session).not.toBe(two.session)
    await ring(await server.device(), one, two)
  })
})
