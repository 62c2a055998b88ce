import type { Cause } from '@switchboard/protocol'
import { expect } from 'vitest'
import type { Device } from './device.js'
import type { RestResponse } from './rest-client.js'

/** The refusal of RFC 9457 with the contract's stable code. */
export function expectProblem(response: RestResponse, status: number, code: string): void {
  expect({ status: response.status, code: response.body.code, text: response.text }).toMatchObject({
    status,
    code,
  })
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(response.headers['x-request-id']).toEqual(expect.any(String))
  expect(response.body).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    detail: expect.any(String),
    status,
  })
}

/** Bad input names where it is bad. */
export function expectInvalid(response: RestResponse): void {
  expectProblem(response, 400, 'invalid_request')
  expect(response.body.errors).toEqual(expect.any(Array))
  for (const error of response.body.errors as unknown[]) {
    expect(error).toMatchObject({ path: expect.any(String), message: expect.any(String) })
  }
}

/** Nothing was delivered to the device: what the actors did before is done, for their own fences have been answered. */
export async function expectNothing(device: Device, ...actors: Device[]): Promise<void> {
  for (const actor of actors) await actor.fence()
  expect(await device.fence()).toEqual([])
}

/** Lets `caller` call and `callee` accept; the call's id. */
export async function establish(caller: Device, callee: Device): Promise<string> {
  caller.call(callee.number)
  const incoming = await callee.until('the call', frame => frame.REASON === 'call')
  callee.accept(caller.number)
  const answer = await caller.until('the answer', frame => frame.REASON === 'callResponse')
  expect(answer).toMatchObject({ RESPONSE: 'accept', CALL_ID: incoming.CALL_ID })
  return String(incoming.CALL_ID)
}

/** Lets `caller` call and every given device ring; the call's id. */
export async function ring(caller: Device, ...callees: [Device, ...Device[]]): Promise<string> {
  caller.call(callees[0].number)
  const incoming = await Promise.all(
    callees.map(callee => callee.until('the call', frame => frame.REASON === 'call')),
  )
  const { CALL_ID } = await caller.until('ringing', frame => frame.REASON === 'ringing')
  expect(incoming.map(frame => frame.CALL_ID)).toEqual(callees.map(() => CALL_ID))
  return String(CALL_ID)
}

/** The device's next frame ends the call, for this cause. */
export async function expectHangUp(device: Device, cause: Cause, callId?: string): Promise<void> {
  const frame = await device.next('HangUp')
  expect(frame).toMatchObject({ CAUSE: cause, ...(callId !== undefined && { CALL_ID: callId }) })
}

/** The code with which a device's socket was closed, within the second that the contract gives a revocation. */
export async function expectClosed(device: Device, code: number, withinMs = 2_000): Promise<void> {
  const late = new Promise<'open'>(resolve => setTimeout(resolve, withinMs, 'open').unref())
  expect(await Promise.race([device.closed.then(closed => closed.code), late])).toBe(code)
}
