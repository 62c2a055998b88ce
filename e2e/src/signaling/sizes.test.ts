import { describe, expect, it } from 'vitest'
import { establish } from '../expectations.js'
import { running } from '../running.js'

const frameBytes = 64 * 1024
const sdpBytes = 32 * 1024
const candidateBytes = 2 * 1024

/** So many bytes of SDP whose JSON spelling is longer: line ends escaped. */
const sdpOf = (bytes: number) => 'a=x\r\n'.repeat(bytes / 5 + 1).slice(0, bytes)

describe('sizes', () => {
  const server = running()

  it('reads a frame of 64 KiB and closes over a longer one with 1009', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const frame = (bytes: number) => {
      const text = JSON.stringify({ REASON: 'call', RECEIVER_PHONE_NUMBER: callee.number, SDP: 'x', PAD: '' })
      return text.replace('"PAD":""', `"PAD":"${'p'.repeat(bytes - text.length)}"`)
    }
    expect(frame(frameBytes)).toHaveLength(frameBytes)
    caller.wire.sendText(frame(frameBytes))
    await callee.next('call')
    caller.wire.sendText(frame(frameBytes + 1))
    expect((await caller.closed).code).toBe(1009)
  })

  it('closes a socket that has not connected over a long frame as well', async () => {
    const wire = await server.wire()
    wire.sendText('x'.repeat(frameBytes + 1))
    expect((await wire.closed).code).toBe(1009)
  })

  it.each([
    ['plain', 'x'.repeat(sdpBytes)],
    ['with line ends', sdpOf(sdpBytes)],
    ['beyond ASCII', 'é'.repeat(sdpBytes / 2)],
  ])('delivers an SDP of 32 KiB, %s', async (_, sdp) => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number, sdp)
    expect((await callee.next('call')).SDP).toBe(sdp)
    callee.accept(caller.number, sdp)
    expect((await caller.until('it', frame => frame.REASON === 'callResponse')).SDP).toBe(sdp)
  })

  it.each([
    ['plain', 'x'.repeat(sdpBytes + 1)],
    ['beyond ASCII', 'é'.repeat(sdpBytes / 2 + 1)],
    ['an object', { type: 'offer', sdp: 'x'.repeat(sdpBytes) }],
  ])('refuses a longer SDP by name and lives on: %s', async (_, sdp) => {
    const [caller, callee] = [await server.device(), await server.device()]
    caller.call(callee.number, sdp, { ID: 'big' })
    expect(await caller.next('error')).toMatchObject({ CODE: 'too_large', ID: 'big' })
    expect(await callee.fence()).toEqual([])
    caller.call(callee.number)
    await callee.next('call')
    callee.accept(caller.number, sdp, { ID: 'big' })
    expect(await callee.next('error')).toMatchObject({ CODE: 'too_large', ID: 'big' })
    callee.accept(caller.number)
    await caller.until('it', frame => frame.REASON === 'callResponse')
  })

  it('delivers a candidate of 2 KiB, and refuses a longer one', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await establish(caller, callee)
    await caller.fence()
    for (const fits of ['c'.repeat(candidateBytes), 'é'.repeat(candidateBytes / 2)]) {
      caller.candidate(callee.number, fits)
      expect((await callee.next('ICECandidate')).CANDIDATE).toBe(fits)
    }
    for (const big of [
      'c'.repeat(candidateBytes + 1),
      'é'.repeat(candidateBytes / 2 + 1),
      { candidate: 'c'.repeat(candidateBytes) },
    ]) {
      caller.candidate(callee.number, big, { ID: 'big' })
      expect(await caller.next('error')).toMatchObject({ CODE: 'too_large', ID: 'big' })
    }
    expect(await callee.fence()).toEqual([])
  })

  it('reads 8 levels and refuses 9 by name', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const sdp = (levels: number): unknown => (levels === 0 ? 'x' : { a: sdp(levels - 1) })
    caller.call(callee.number, sdp(8), { ID: 'deep' })
    expect(await caller.next('error')).toMatchObject({ CODE: 'invalid_message' })
    caller.call(callee.number, sdp(7))
    expect((await callee.next('call')).SDP).toEqual(sdp(7))
  })

  it('takes an ID of 64 characters, no longer and no other', async () => {
    const device = await server.device()
    for (const ID of ['x'.repeat(65), '', 7, null, {}, ['x']]) {
      device.hangUp('000', { ID })
      expect(await device.next('error')).toMatchObject({ CODE: 'invalid_message' })
    }
    device.hangUp('000', { ID: 'x'.repeat(64) })
    expect(await device.next('error')).toMatchObject({ CODE: 'no_call', ID: 'x'.repeat(64) })
  })
})
