import { describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { expectHangUp, expectNothing, ring } from '../expectations.js'
import { freshNumber } from '../people.js'
import { running } from '../running.js'
import type { Frame } from '../wire.js'

describe('nobody to ring', () => {
  const server = running()
  const plain = ({ CALL_ID, SEQ, ...frame }: Frame, number: string) =>
    JSON.stringify(frame).replaceAll(number, 'NUMBER')
  const blockedBy = async (caller: Device) => {
    const callee = await server.device()
    await server.rest('PUT', '/block_number', {
      token: callee.account.token,
      body: { phone_number: caller.number },
    })
    return callee
  }

  it('unknown, offline and blocked get one answer', async () => {
    const caller = await server.device()
    const blocking = await blockedBy(caller)
    const numbers = [freshNumber(), (await server.join()).phone_number, blocking.number]
    const answers: string[] = []
    for (const number of numbers) {
      caller.call(number, 'x')
      const last = await caller.next('HangUp')
      expect(last).toEqual({
        REASON: 'HangUp',
        CALL_ID: expect.any(String),
        SENDER_PHONE_NUMBER: number,
        RECEIVER_PHONE_NUMBER: caller.number,
        CAUSE: 'unavailable',
        SEQ: expect.any(Number),
      })
      answers.push(plain(last, number))
    }
    expect(new Set(answers).size).toBe(1)
    await expectNothing(blocking, caller)
  })

  it('in one time', async () => {
    const caller = await server.device()
    const blocking = await blockedBy(caller)
    const offline = await server.join()
    const times: number[][] = [[], [], []]
    for (let round = 0; round < 15; round++) {
      for (const [kind, number] of [freshNumber(), offline.phone_number, blocking.number].entries()) {
        const since = performance.now()
        caller.call(number)
        await expectHangUp(caller, 'unavailable')
        times[kind]?.push(performance.now() - since)
      }
    }
    const medians = times.map(each => each.sort((a, b) => a - b)[each.length >> 1] ?? 0)
    expect(Math.max(...medians) - Math.min(...medians)).toBeLessThan(25)
  })

  it('a block works one way, and while it stands', async () => {
    const caller = await server.device()
    const blocking = await blockedBy(caller)
    caller.call(blocking.number)
    await expectHangUp(caller, 'unavailable')
    await server.rest('DELETE', '/unblock_number', {
      token: blocking.account.token,
      body: { phone_number: caller.number },
    })
    await ring(caller, blocking)
  })

  it('a session that was logged out is no device', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await server.rest('POST', '/logout', { token: callee.account.token })
    await callee.closed
    caller.call(callee.number)
    await expectHangUp(caller, 'unavailable')
  })
})
