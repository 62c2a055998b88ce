import { describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { establish } from '../expectations.js'
import { freshNumber, login, type Person } from '../people.js'
import type { Frame, Wire } from '../wire.js'
import { freshAddress, guarded } from './guarded.js'

describe('limits of sockets', () => {
  const { server, client, device, join, database } = guarded()

  const pair = async () => {
    const [caller, callee] = [await device(), await device()]
    await establish(caller, callee)
    return { caller, callee }
  }

  /** Says more than it may in one breath; what its own socket and its peer were sent. */
  async function flood(from: Device, to: Device, count: number, frame: (n: number) => object) {
    for (let n = 0; n < count; n++) from.send(frame(n))
    const closed = await from.closed
    const own = from.wire.drain()
    return { closed, own, received: await to.fence() }
  }

  const expectCut = (own: readonly Frame[], closed: { readonly code: number }) => {
    expect(closed.code).toBe(4429)
    expect(own.at(-1)).toMatchObject({ REASON: 'error', CODE: 'rate_limited' })
    expect(own.filter(frame => frame.CODE === 'rate_limited')).toHaveLength(1)
  }

  it('60 control messages, then the cut, and nothing of what follows is routed', async () => {
    const { caller, callee } = await pair()
    const { closed, own, received } = await flood(caller, callee, 3_000, n => ({
      REASON: 'call', // within the call: a renegotiation
      RECEIVER_PHONE_NUMBER: callee.number,
      SDP: `offer ${n}`,
    }))
    expectCut(own, closed)
    // `connect` and the first `call` were two of the 60; a second may have refilled one.
    expect(received.length).toBeGreaterThanOrEqual(58)
    expect(received.length).toBeLessThanOrEqual(60)
    expect(received.map(frame => frame.SDP)).toEqual(received.map((_, n) => `offer ${n}`))
  })

  it('then one a second', async () => {
    const { caller, callee } = await pair()
    const offer = { REASON: 'call', RECEIVER_PHONE_NUMBER: callee.number, SDP: 'offer' }
    for (let n = 0; n < 50; n++) caller.send(offer)
    await caller.fence() // 53 by now
    const since = performance.now()
    let sent = 53
    while (performance.now() - since < 3_000) {
      const allowed = 60 + Math.floor((performance.now() - since) / 1_000)
      if (sent < allowed) {
        sent += 1
        await caller.fence()
      } else await new Promise(resolve => setTimeout(resolve, 20))
    }
    expect(sent).toBeGreaterThanOrEqual(62)
    expect(await callee.fence()).toHaveLength(50)
  })

  it('whatever is said counts: nonsense, before connect, binary', async () => {
    const says: ((wire: Wire) => void)[] = [
      wire => wire.sendText('nonsense'),
      wire => wire.send({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: freshNumber() }),
      wire => wire.sendText(Buffer.from('{}')),
    ]
    for (const say of says) {
      const wire = await client().wire()
      for (let n = 0; n < 200; n++) say(wire)
      const closed = await wire.closed
      const frames = wire.drain()
      expectCut(frames, closed)
      expect(frames.length).toBeLessThanOrEqual(62)
    }
  })

  it('100 candidates, then the cut; control messages are beside them', async () => {
    const { caller, callee } = await pair()
    const { closed, own, received } = await flood(caller, callee, 3_000, n => ({
      REASON: 'ICECandidate',
      RECEIVER_PHONE_NUMBER: callee.number,
      CANDIDATE: `candidate ${n}`,
    }))
    expectCut(own, closed)
    expect(received.length).toBeGreaterThanOrEqual(100)
    expect(received.length).toBeLessThanOrEqual(120) // ten a second while the test itself was slow
    expect(received.map(frame => frame.CANDIDATE)).toEqual(received.map((_, n) => `candidate ${n}`))
  })

  it('who was cut may come back for its call', async () => {
    const { caller, callee } = await pair()
    await flood(caller, callee, 200, () => ({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: freshNumber() }))
    expect(await caller.resume()).toMatchObject({ RESUMED: true })
    caller.hangUp(callee.number)
    expect(await callee.next('HangUp')).toMatchObject({ CAUSE: 'hung_up' })
  })

  it('an address has 100 that have not said who they are; who does makes room', async () => {
    const from = client()
    const account = await join()
    const wires = await Promise.all(Array.from({ length: 100 }, () => from.wire()))
    await expect(from.wire()).rejects.toThrow('refused with 429')
    await (await client().wire()).socket.close()
    wires[0]?.send({ REASON: 'connect', TOKEN: account.token })
    await wires[0]?.next('connected')
    wires.push(await from.wire())
    await expect(from.wire()).rejects.toThrow('refused with 429')
    const handshake = await from.rest('GET', '/signal', { headers: upgrade })
    expect(handshake.headers['retry-after']).toMatch(/^[1-9]\d*$/)
    for (const { socket } of wires) socket.terminate()
    await Promise.all(wires.map(({ closed }) => closed))
    await expect.poll(() => from.wire().then(({ socket }) => socket.terminate())).toBeUndefined()
  })

  it('an address has 1,000', async () => {
    const { people } = await database()
    const others = await people(200, await join())
    const tokens: string[] = []
    const logInOneByOne = async () => {
      for (let who = others.pop(); who; who = others.pop()) tokens.push(await logIn(who))
    }
    const logIn = (who: Person) => login(client().rest, who)
    await Promise.all(Array.from({ length: 8 }, logInOneByOne))

    const from = client(freshAddress())
    const open = async (token: string) => {
      const wire = await from.wire()
      wire.send({ REASON: 'connect', TOKEN: token })
      await wire.next('connected')
      return wire
    }
    const wires: Wire[] = []
    for (let device = 0; device < 5; device++) {
      for (
        let n = 0;
        n < tokens.length;
        n += 50 // within the hundred that have not said who they are
      )
        wires.push(...(await Promise.all(tokens.slice(n, n + 50).map(open))))
    }
    expect(wires).toHaveLength(1_000)
    await expect(from.wire()).rejects.toThrow('refused with 429')
    await (await client().wire()).socket.close()
    for (const { socket } of wires) socket.terminate()
  })

  it('a user has five devices: a sixth displaces the one longest connected', async () => {
    const account = await join()
    const devices = []
    for (let n = 0; n < 6; n++) devices.push(await device(await client().login(account)))
    expect((await devices[0]?.closed)?.code).toBe(4409)
    for (const each of devices.slice(1)) expect(await each.fence()).toEqual([])
    expect(server.logs()).not.toContain(account.phone_number)
  })
})

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
