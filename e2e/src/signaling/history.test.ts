import { describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { establish, expectHangUp, ring } from '../expectations.js'
import { freshNumber } from '../people.js'
import { running } from '../running.js'

interface Row {
  call_id: string
  direction: string
  peer: string
  started_at: string
  answered_at: string | null
  ended_at: string | null
  outcome: string | null
}

describe('the call history', () => {
  const server = running({ env: { RING_TIMEOUT_SECONDS: '2' } })
  const page = async (device: Device, query = '') => {
    const { token } = device.account
    const { status, body } = await server.rest('GET', `/get_call_history${query}`, { token })
    expect(status).toBe(200)
    return body as { calls: Row[]; next_cursor: string | null }
  }
  /** Rows are written off the hot path: they are awaited, within a bound. */
  const rowOf = async (
    device: Device,
    callId: string,
    done: (row: Row) => boolean = row => !!row.ended_at,
  ) => {
    let row: Row | undefined
    const found = async () => {
      row = (await page(device)).calls.find(each => each.call_id === callId)
      return row !== undefined && done(row)
    }
    await expect.poll(found, { timeout: 5_000 }).toBe(true)
    return row
  }
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)

  it('tells both sides of an answered call', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    callee.hangUp(caller.number)
    await caller.until('the end', frame => frame.REASON === 'HangUp')
    const shared = {
      call_id: callId,
      started_at: instant,
      answered_at: instant,
      ended_at: instant,
      outcome: 'answered',
    }
    const row = await rowOf(caller, callId)
    expect(row).toEqual({ ...shared, direction: 'outgoing', peer: callee.number })
    expect(await rowOf(callee, callId)).toEqual({ ...shared, direction: 'incoming', peer: caller.number })
    const times = [row?.started_at, row?.answered_at, row?.ended_at].map(text => Date.parse(String(text)))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(Math.abs(Date.now() - (times[0] ?? 0))).toBeLessThan(30_000)
  })

  it('tells a call that goes on, and one that rings', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const ringing = await ring(caller, callee)
    expect(await rowOf(caller, ringing, row => !row.ended_at)).toMatchObject({
      answered_at: null,
      ended_at: null,
      outcome: null,
    })
    callee.accept(caller.number)
    await caller.next('callResponse')
    expect(await rowOf(callee, ringing, row => !!row.answered_at)).toMatchObject({
      answered_at: instant,
      ended_at: null,
    })
  })

  it.each(['denied', 'cancelled', 'no_answer'] as const)('tells both sides of a call: %s', async outcome => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await ring(caller, callee)
    if (outcome === 'denied') {
      callee.deny(caller.number)
      await caller.next('callResponse')
    } else {
      if (outcome === 'cancelled') caller.hangUp(callee.number)
      await expectHangUp(callee, outcome)
    }
    for (const device of [caller, callee]) {
      expect(await rowOf(device, callId)).toMatchObject({ outcome, answered_at: null, ended_at: instant })
    }
  })

  it('tells the caller of a call that rang nobody: unavailable, busy, glare', async () => {
    const [ada, ben, cyd] = [await server.device(), await server.device(), await server.device()]
    const fate = async (device: Device) =>
      String((await device.until('HangUp', frame => frame.REASON === 'HangUp')).CALL_ID)
    const number = freshNumber()
    ada.call(number)
    expect(await rowOf(ada, await fate(ada))).toMatchObject({
      outcome: 'unavailable',
      direction: 'outgoing',
      peer: number,
    })
    await ring(ben, cyd)
    cyd.call(ben.number)
    expect(await rowOf(cyd, await fate(cyd))).toMatchObject({ outcome: 'glare', direction: 'outgoing' })
    cyd.accept(ben.number)
    await ben.until('the answer', frame => frame.REASON === 'callResponse')
    ada.call(ben.number)
    expect(await rowOf(ada, await fate(ada))).toMatchObject({ outcome: 'busy', peer: ben.number })
  })

  it('shows nothing of a blocked call to the one who blocked', async () => {
    const [ada, ben] = [await server.device(), await server.device()]
    const body = { phone_number: ada.number }
    await server.rest('PUT', '/block_number', { token: ben.account.token, body })
    ada.call(ben.number)
    const { CALL_ID } = await ada.next('HangUp')
    await rowOf(ada, String(CALL_ID))
    expect((await page(ben)).calls).toEqual([])
  })

  it('comes newest first, in pages that neither miss nor repeat', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const ids: string[] = []
    for (let n = 0; n < 7; n++) {
      ids.unshift(await ring(caller, callee))
      callee.deny(caller.number)
      await caller.next('callResponse')
    }
    for (const id of ids) await rowOf(caller, id)
    const seen: string[] = []
    let cursor: string | null = ''
    for (let n = 0; n < 9 && cursor !== null; n++) {
      const query: string = cursor ? `?limit=3&cursor=${encodeURIComponent(cursor)}` : '?limit=3'
      const { calls, next_cursor } = await page(caller, query)
      expect(calls.length).toBeLessThanOrEqual(3)
      seen.push(...calls.map(call => call.call_id))
      cursor = next_cursor
    }
    expect(seen).toEqual(ids)
  })

  it("is its user's alone", async () => {
    const [caller, callee, eve] = [await server.device(), await server.device(), await server.device()]
    await ring(caller, callee)
    expect((await page(eve)).calls).toEqual([])
  })
})
