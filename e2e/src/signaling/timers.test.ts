import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { establish, expectHangUp, expectNothing, ring } from '../expectations.js'
import { running } from '../running.js'

describe('a call that nobody answers', () => {
  const server = running({ env: { RING_TIMEOUT_SECONDS: '1' } })

  it('ends with no_answer on both sides', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const since = performance.now()
    const callId = await ring(caller, callee)
    await expectHangUp(caller, 'no_answer', callId)
    await expectHangUp(callee, 'no_answer', callId)
    expect(performance.now() - since).toBeGreaterThan(900)
    expect(performance.now() - since).toBeLessThan(3_000)
    callee.accept(caller.number, 'late', { ID: 'late' })
    expect(await callee.next('error')).toMatchObject({ CODE: 'no_call' })
    await expectNothing(caller, callee)
    await ring(caller, callee)
  })

  it('rings no longer for a device that comes late', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const since = performance.now()
    await ring(caller, callee)
    await sleep(500)
    const late = await server.device(await server.again(callee.account))
    await late.next('call')
    for (const device of [late, callee, caller]) await expectHangUp(device, 'no_answer')
    expect(performance.now() - since).toBeLessThan(3_000)
  })

  it('an answered call does not time out', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    await sleep(1_500)
    caller.candidate(callee.number, 'still here')
    expect(await callee.next('ICECandidate')).toMatchObject({ CALL_ID: callId })
  })
})

describe('a party that stays away', () => {
  const server = running({ env: { RESUME_WINDOW_SECONDS: '2' } })

  it('past the window ends the call with connection_lost', async () => {
    for (const who of ['caller', 'callee'] as const) {
      const [caller, callee] = [await server.device(), await server.device()]
      const callId = await establish(caller, callee)
      await caller.fence()
      const [away, stays] = who === 'caller' ? [caller, callee] : [callee, caller]
      const since = performance.now()
      await away.drop()
      await expectNothing(stays)
      await expectHangUp(stays, 'connection_lost', callId)
      expect(performance.now() - since).toBeGreaterThan(1_800)
      expect(performance.now() - since).toBeLessThan(5_000)
      expect(await away.resume()).toMatchObject({ RESUMED: false, CALLS: [] })
      await ring(stays, away)
    }
  })

  it('and comes back within it is in the call still', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    await callee.drop()
    await sleep(1_200)
    expect(await callee.resume()).toMatchObject({ RESUMED: true, CALLS: [{ CALL_ID: callId }] })
    await sleep(1_500)
    caller.candidate(callee.number, 'still here')
    expect(await callee.next('ICECandidate')).toMatchObject({ CALL_ID: callId })
  })

  it('a receiver whose devices are all within the window is waited for: ringing when one is back', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await callee.drop()
    caller.call(callee.number)
    await expectNothing(caller)
    expect(await callee.resume()).toMatchObject({ RESUMED: true })
    const incoming = await callee.next('call')
    expect(await caller.next('ringing')).toMatchObject({ CALL_ID: incoming.CALL_ID })
    callee.accept(caller.number)
    await caller.next('callResponse')
  })

  it('unavailable when the window ends', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await callee.drop()
    const since = performance.now()
    caller.call(callee.number)
    await expectNothing(caller)
    await expectHangUp(caller, 'unavailable')
    expect(performance.now() - since).toBeLessThan(4_000)
  })

  it('a receiver away that comes back as the seed does, by a plain connect, is rung too', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    await callee.drop()
    caller.call(callee.number)
    await caller.fence()
    await callee.reconnect()
    const incoming = await callee.next('call')
    expect(await caller.next('ringing')).toMatchObject({ CALL_ID: incoming.CALL_ID })
  })

  it('a caller away past the window while it rings: the callee stops ringing', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await ring(caller, callee)
    await caller.drop()
    const end = await callee.next('HangUp')
    expect(end).toMatchObject({ CALL_ID: callId })
    expect(['connection_lost', 'cancelled']).toContain(end.CAUSE)
  })

  it('a session is gone after its window', async () => {
    const device = await server.device()
    const { session } = device
    await device.drop()
    await sleep(2_600)
    expect(await device.resume()).toMatchObject({ RESUMED: false })
    expect(device.session).not.toBe(session)
  })
})

describe('heartbeats', () => {
  const server = running({ env: { HEARTBEAT_SECONDS: '1' } })

  it('come every HEARTBEAT_SECONDS, as connected says', async () => {
    const since = performance.now() // the first is due from when the socket was opened
    const device = await server.device()
    expect(device.hello.HEARTBEAT_SECONDS).toBe(1)
    for (let n = 0; n < 3; n++) await new Promise(resolve => device.wire.socket.once('ping', resolve))
    expect(performance.now() - since).toBeLessThan(5_000)
    expect(performance.now() - since).toBeGreaterThan(1_500)
  })

  it('a peer that does not answer is gone after ten seconds more', async () => {
    const silent = await server.device(undefined, { autoPong: false })
    const since = performance.now()
    await silent.closed
    expect(performance.now() - since).toBeGreaterThan(8_000)
    expect(performance.now() - since).toBeLessThan(15_000)
  })

  it('a ping of a client is answered', async () => {
    const device = await server.device()
    const pong = new Promise(resolve => device.wire.socket.once('pong', resolve))
    device.wire.socket.ping('x')
    expect(String(await pong)).toBe('x')
  })
})
