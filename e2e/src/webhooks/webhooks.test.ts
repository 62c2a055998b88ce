import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { running } from '../running.js'
import { type Receiver, startReceiver, typesOf } from './receiver.js'

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
const before = `whsec_${Buffer.alloc(32, 6).toString('base64')}`
let receiver: Receiver
let second: Receiver
beforeAll(async () => {
  receiver = await startReceiver(secret)
  second = await startReceiver(before)
})
afterAll(async () => {
  expect([receiver.forged, second.forged]).toEqual([0, 0])
  await Promise.all([receiver.stop(), second.stop()])
})
beforeEach(() => {
  receiver.answer = () => 204
})

/** The same every time: whether the receiver fails, three times in ten. */
function moody(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32 < 0.3 ? 500 : 204
  }
}

describe('webhooks', () => {
  const server = running({
    env: () => ({ WEBHOOK_URL: `${receiver.url},${second.url}`, WEBHOOK_SECRET: `${secret}, ${before}` }),
  })

  async function callOf(end: 'hung_up' | 'denied' | 'cancelled') {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number)
    const callId = String((await callee.next('call')).CALL_ID)
    if (end === 'denied') callee.deny(caller.number)
    else if (end === 'hung_up') {
      callee.accept(caller.number)
      await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
      // The end is written once it is acknowledged.
      const acknowledged = await caller.ask({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: callee.number })
      expect(acknowledged.REASON).toBe('ack')
    } else caller.hangUp(callee.number)
    return { callId, caller, callee }
  }
  const ended = (callId: string, at = receiver) =>
    at.until(`the end of ${callId}`, () =>
      at.taken.find(({ type, data }) => type === 'call.ended' && data.call_id === callId),
    )

  it('a call that is answered has three events, in order, with times, ids and numbers', async () => {
    const { callId, caller, callee } = await callOf('hung_up')
    const over = await ended(callId)
    expect(typesOf(receiver.taken, callId)).toEqual(['call.started', 'call.answered', 'call.ended'])
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/)
    expect(over).toEqual({
      id: `evt_${callId.replaceAll('-', '')}_3`,
      type: 'call.ended',
      timestamp: time,
      data: {
        call_id: callId,
        from: { user_id: id, phone_number: caller.number },
        to: { user_id: id, phone_number: callee.number },
        ...{ started_at: time, answered_at: time, ended_at: time, cause: 'hung_up' },
      },
    })
    const [started, answered] = receiver.taken.filter(({ data }) => data.call_id === callId)
    expect(started?.data).toMatchObject({ answered_at: null, ended_at: null, cause: null })
    expect(answered).toMatchObject({
      timestamp: over.data.answered_at,
      data: { ended_at: null, cause: null },
    })
  })

  it('the second receiver has them too, and verifies with the secret before', async () => {
    const { callId } = await callOf('hung_up')
    await ended(callId, second)
    expect(typesOf(second.taken, callId)).toEqual(['call.started', 'call.answered', 'call.ended'])
  })

  it('a call that is denied, given up or reaches nobody ends with its cause', async () => {
    for (const cause of ['denied', 'cancelled'] as const) {
      const { callId } = await callOf(cause)
      expect((await ended(callId)).data).toMatchObject({ cause, answered_at: null })
      expect(typesOf(receiver.taken, callId)).toEqual(['call.started', 'call.ended'])
    }
    const caller = await server.device()
    caller.call('999999999')
    const none = await receiver.until('its end', () =>
      receiver.taken.find(({ data }) => data.cause === 'unavailable'),
    )
    expect(none.data.to).toEqual({ user_id: null, phone_number: '999999999' })
  })

  it('users who come and go are told of', async () => {
    const account = await server.join()
    const created = await receiver.until('the user', () =>
      receiver.taken.find(({ data }) => data.phone_number === account.phone_number),
    )
    expect(created.type).toBe('user.created')
    const { user_id: userId } = created.data
    const { status } = await server.rest('DELETE', '/delete_user', {
      token: account.token,
      body: { password: account.password },
    })
    expect(status).toBe(204)
    await receiver.until('the deletion', () => typesOf(receiver.taken, userId).includes('user.deleted'))
    expect(receiver.taken.at(-1)?.data).toEqual({ user_id: userId, phone_number: null })
    expect(typesOf(receiver.taken, userId)).toEqual(['user.created', 'user.deleted'])
  })

  it('a receiver that fails at random has all of every call, in order', { timeout: 60_000 }, async () => {
    receiver.answer = moody(7)
    const calls = await Promise.all(Array.from({ length: 12 }, () => callOf('hung_up')))
    for (const { callId } of calls) await ended(callId)
    for (const { callId } of calls)
      expect(typesOf(receiver.taken, callId)).toEqual(['call.started', 'call.answered', 'call.ended'])
    expect(receiver.events.length).toBeGreaterThan(receiver.taken.length)
  })

  it('and so has one behind a server that is killed again and again', { timeout: 240_000 }, async () => {
    const callIds: string[] = []
    for (let round = 0; round < 4; round++) {
      receiver.answer = round % 2 === 0 ? () => null : moody(round)
      const { callId } = await callOf('hung_up')
      callIds.push(callId)
      await server.kill()
      receiver.answer = moody(100 + round)
      await server.start()
    }
    for (const callId of callIds) await ended(callId)
    for (const callId of callIds)
      expect(typesOf(receiver.taken, callId)).toEqual(['call.started', 'call.answered', 'call.ended'])
  })

  it('a dead receiver holds nobody up', async () => {
    receiver.answer = () => null
    const { callId } = await callOf('hung_up')
    await ended(callId, second)
    const since = performance.now()
    for (let n = 0; n < 5; n++) await callOf('denied')
    expect(performance.now() - since).toBeLessThan(10_000)
    expect((await server.rest('GET', '/health/ready')).status).toBe(200)
  })
})
