import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { freshSdp } from '../device.js'
import { establish } from '../expectations.js'
import { freshNumber } from '../people.js'
import { running } from '../running.js'

describe('connecting', () => {
  const server = running()

  it('closes a silent socket with 4401 after five seconds', async () => {
    const wire = await server.wire()
    const since = performance.now()
    expect((await wire.closed).code).toBe(4401)
    expect(performance.now() - since).toBeGreaterThan(4_500)
    expect(performance.now() - since).toBeLessThan(7_000)
  })

  it('closes it as late whatever else it sends, each frame answered', async () => {
    const wire = await server.wire()
    const since = performance.now()
    let answers = 0
    while (performance.now() - since < 4_300) {
      wire.send({ REASON: 'call', RECEIVER_PHONE_NUMBER: freshNumber(), SDP: 'x', ID: `${answers}` })
      expect(await wire.next('error')).toMatchObject({ CODE: 'not_connected', ID: `${answers}` })
      wire.send({ REASON: 'connect' })
      expect(await wire.next('error')).toMatchObject({ CODE: 'invalid_message' })
      wire.socket.ping()
      answers++
      await sleep(400)
    }
    expect((await wire.closed).code).toBe(4401)
    expect(performance.now() - since).toBeLessThan(7_000)
  })

  it.each(['nonsense', 'a.b.c', '{}', 'x'.repeat(4_000)])(
    'closes a bad token with 4401 (%#)',
    async token => {
      const wire = await server.wire()
      const since = performance.now()
      wire.send({ REASON: 'connect', TOKEN: token })
      expect((await wire.closed).code).toBe(4401)
      expect(performance.now() - since).toBeLessThan(3_000)
    },
  )

  it('closes a dead token with 4401', async () => {
    const account = await server.join()
    await server.rest('POST', '/logout', { token: account.token })
    await expect(server.device(account)).rejects.toThrow(/4401/)
  })

  it('refuses every other message before connect', async () => {
    const wire = await server.wire()
    const to = freshNumber()
    for (const message of [
      { REASON: 'call', RECEIVER_PHONE_NUMBER: to, SDP: freshSdp() },
      { REASON: 'callResponse', RESPONSE: 'accept', RECEIVER_PHONE_NUMBER: to, SDP: freshSdp() },
      { REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: to, CANDIDATE: null },
      { REASON: 'HangUp', RECEIVER_PHONE_NUMBER: to },
    ]) {
      wire.send(message)
      expect(await wire.next('error')).toMatchObject({ CODE: 'not_connected', MESSAGE: expect.any(String) })
    }
  })

  it("renews the same user's token by a second connect", async () => {
    const account = await server.join()
    const device = await server.device(account)
    const { body } = await server.rest('GET', '/authenticate', { token: account.token })
    server.secret(String(body.token))
    device.send({ REASON: 'connect', TOKEN: body.token })
    expect(await device.next('connected')).toMatchObject({
      PHONE_NUMBER: account.phone_number,
      SESSION: device.session,
    })
    expect(await device.fence()).toEqual([])
  })

  it('renews within a call without a trace of it elsewhere', async () => {
    const [caller, callee] = [await server.device(), await server.device()]
    const callId = await establish(caller, callee)
    caller.send({ REASON: 'connect', TOKEN: caller.account.token })
    const hello = await caller.until('connected', frame => frame.REASON === 'connected')
    expect(hello.CALLS).toMatchObject([{ CALL_ID: callId, STATE: 'established', HERE: true }])
    caller.candidate(callee.number, 'candidate after renewal')
    expect(await callee.next('ICECandidate')).toMatchObject({ CANDIDATE: 'candidate after renewal' })
  })

  it('never changes the user of a socket', async () => {
    const [ada, ben, callee] = [await server.join(), await server.join(), await server.device()]
    const device = await server.device(ada)
    device.send({ REASON: 'connect', TOKEN: ben.token })
    const outcome = await Promise.race([
      device.closed.then(({ code }) => `closed ${code}`),
      device
        .until('an answer', () => true)
        .then(
          frame => frame.REASON,
          (error: Error) => error.message,
        ),
    ])
    expect(outcome).toMatch(/^error$|44\d\d/)
    if (device.wire.socket.readyState !== WebSocket.OPEN) return
    device.send({ REASON: 'call', RECEIVER_PHONE_NUMBER: callee.number, SDP: freshSdp() })
    expect(await callee.next('call')).toMatchObject({ SENDER_PHONE_NUMBER: ada.phone_number })
  })

  it('closes a second connect with a bad token with 4401', async () => {
    const device = await server.device()
    device.send({ REASON: 'connect', TOKEN: 'nonsense' })
    expect((await device.closed).code).toBe(4401)
  })

  it('serves the same at /signal on the API port', async () => {
    const url = `${server.api.replace(/^http/, 'ws')}/signal`
    const [caller, callee] = [await server.device(await server.join(), { url }), await server.device()]
    await establish(caller, callee)
  })

  it('offers no compression', async () => {
    for (const url of [server.signal, `${server.api.replace(/^http/, 'ws')}/signal`]) {
      const wire = await server.wire({ url, perMessageDeflate: true })
      expect(wire.socket.extensions).toBe('')
    }
  })

  it('refuses a foreign origin with 403, and takes its own', async () => {
    for (const url of [server.signal, `${server.api.replace(/^http/, 'ws')}/signal`]) {
      for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1.evil.example', 'file://']) {
        await expect(server.wire({ url, headers: { origin } })).rejects.toThrow('403')
      }
      const own = new URL(url).origin.replace(/^ws/, 'http')
      const wire = await server.wire({ url, headers: { origin: own } })
      expect(wire.socket.readyState).toBe(WebSocket.OPEN)
    }
  })

  it('opens no WebSocket on other paths', async () => {
    const base = server.api.replace(/^http/, 'ws')
    for (const url of [`${base}/`, `${base}/login`, `${base}/signal/x`]) {
      await expect(server.wire({ url })).rejects.toThrow(/refused with 4\d\d|socket hang up/)
    }
  })
})

describe('origins that are allowed', () => {
  const server = running({ env: { ALLOWED_ORIGINS: 'https://phone.example' } })

  it('may come, and others still may not', async () => {
    const wire = await server.wire({ headers: { origin: 'https://phone.example' } })
    expect(wire.socket.readyState).toBe(WebSocket.OPEN)
    await expect(server.wire({ headers: { origin: 'https://other.example' } })).rejects.toThrow('403')
  })
})
