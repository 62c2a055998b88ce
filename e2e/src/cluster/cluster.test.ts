import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { establish, expectHangUp, ring } from '../expectations.js'
import type { Product } from '../product.js'
import { request } from '../rest-client.js'
import { again, type Nodes, rover, startNodes } from './nodes.js'

let cluster: Nodes
let [a, b, c] = [] as unknown as [Product, Product, Product]
beforeAll(async () => {
  cluster = await startNodes(3, { RING_TIMEOUT_SECONDS: '10' })
  ;[a, b, c] = cluster.nodes as [Product, Product, Product]
})
afterAll(() => cluster.dispose())

const contacts = async (...people: Awaited<ReturnType<typeof rover>>[]) => {
  for (const one of people)
    for (const other of people) {
      if (one === other) continue
      const body = { contact_phonenumber: other.number }
      await request(a.api, 'POST', '/add_contact', { token: one.account.token, body })
    }
}

describe('a session', () => {
  it('is continued on any node, with what was missed, and then moves on', async () => {
    const [caller, callee] = [await rover(a), await rover(b)]
    const callId = await establish(caller, callee)
    await callee.drop()
    caller.candidate(callee.number, 'missed')
    await caller.fence()
    for (const node of [c, a, b]) {
      callee.goTo(node)
      expect(await callee.resume()).toMatchObject({ RESUMED: true, CALLS: [{ CALL_ID: callId, HERE: true }] })
      if (node === c) expect(await callee.next('ICECandidate')).toMatchObject({ CANDIDATE: 'missed' })
      caller.candidate(callee.number, `at ${node.signal}`)
      expect(await callee.next('ICECandidate')).toMatchObject({ CANDIDATE: `at ${node.signal}` })
      callee.candidate(caller.number, `from ${node.signal}`)
      expect(await caller.until('it', ({ CANDIDATE }) => CANDIDATE === `from ${node.signal}`)).toBeTruthy()
      await callee.drop()
    }
  })

  it('has one socket: the one before is closed wherever it is', async () => {
    const device = await rover(a)
    const before = device.closed
    device.goTo(c)
    expect(await device.resume()).toMatchObject({ RESUMED: true })
    expect(await before).toMatchObject({ code: 4409 })
  })
})

describe('what REST does on one node', () => {
  it('shows presence on every node', async () => {
    const [one, other] = [await rover(a), await rover(b)]
    await contacts(one, other)
    const presence = async (node: Product) =>
      (await request(node.api, 'GET', '/get_presence', { token: one.account.token })).body.presence
    for (const node of cluster.nodes) {
      expect(await presence(node)).toEqual([{ phone_number: other.number, reachable: true, in_call: false }])
    }
    await establish(one, other)
    for (const node of cluster.nodes) {
      expect(await presence(node)).toEqual([{ phone_number: other.number, reachable: true, in_call: true }])
    }
  })

  it('ends logins on every node within a second', async () => {
    const device = await rover(a)
    const since = performance.now()
    await request(c.api, 'POST', '/logout', { token: device.account.token })
    expect(await device.closed).toMatchObject({ code: 4403 })
    expect(performance.now() - since).toBeLessThan(1_000)
  })

  it('blocks on every node', async () => {
    const [one, other] = [await rover(a), await rover(b)]
    const body = { phone_number: one.number }
    await request(c.api, 'PUT', '/block_number', { token: other.account.token, body })
    one.call(other.number)
    await expectHangUp(one, 'unavailable')
  })
})

describe('a node that is killed', () => {
  it.each(['with SESSION', 'with a plain connect'] as const)(
    'takes no call with it: the parties come back elsewhere %s',
    async how => {
      const node = await cluster.add()
      const [caller, callee] = [await rover(node), await rover(b)]
      const callId = await establish(caller, callee)
      await caller.ask({ REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: callee.number, CANDIDATE: 'written' })
      await callee.next('ICECandidate')
      const cut = callee.closed
      await node.kill()
      const told = { code: 1012, reason: expect.stringMatching(/come back in \d+ ms/) as string }
      expect(await cut).toMatchObject(told) // its home was there
      const comeBack = async (device: typeof caller) =>
        how === 'with SESSION' ? await device.resume() : await device.reconnect()
      caller.goTo(c)
      for (const device of [callee, caller]) {
        expect((await comeBack(device)).CALLS).toMatchObject([
          { CALL_ID: callId, STATE: 'established', HERE: true },
        ])
      }
      caller.candidate(callee.number, 'on')
      expect(await callee.until('it', ({ REASON }) => REASON === 'ICECandidate')).toMatchObject({
        CANDIDATE: 'on',
        CALL_ID: callId,
      })
      callee.hangUp(caller.number)
      await expectHangUp(caller, 'hung_up', callId)
    },
  )

  it('loses no ring: it goes on elsewhere, and ends when it would have', async () => {
    const node = await cluster.add()
    const [caller, callee] = [await rover(node), await rover(b)]
    const account = await again(c, callee.account)
    const [answered, unanswered] = [await rover(a), await rover(c)]
    const since = performance.now()
    const callId = await ring(caller, callee)
    const caller2 = await rover(node)
    const missed = await ring(caller2, unanswered)
    await caller.ask({ REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: callee.number, CANDIDATE: 'early' })
    await caller2.ask({
      REASON: 'ICECandidate',
      RECEIVER_PHONE_NUMBER: unanswered.number,
      CANDIDATE: 'early',
    })
    await node.kill()
    caller.goTo(a)
    caller2.goTo(b)
    await Promise.all([callee.closed, unanswered.closed])
    expect((await callee.resume()).CALLS).toMatchObject([{ CALL_ID: callId, STATE: 'ringing' }])
    expect((await unanswered.resume()).CALLS).toMatchObject([{ CALL_ID: missed, STATE: 'ringing' }])
    expect((await caller.resume()).CALLS).toMatchObject([{ CALL_ID: callId, STATE: 'ringing' }])
    expect((await caller2.resume()).CALLS).toMatchObject([{ CALL_ID: missed, STATE: 'ringing' }])
    const late = await rover(c, account)
    expect(await late.until('the ring', ({ REASON }) => REASON === 'call')).toMatchObject({ CALL_ID: callId })
    callee.accept(caller.number, 'late answer')
    expect(await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')).toMatchObject({
      CALL_ID: callId,
      SDP: 'late answer',
    })
    const end = await caller2.until('the end', ({ REASON }) => REASON === 'HangUp')
    expect(end).toMatchObject({ CALL_ID: missed, CAUSE: 'no_answer' })
    expect(performance.now() - since).toBeGreaterThan(9_500)
    expect(performance.now() - since).toBeLessThan(12_500)
    void answered
  }, 60_000)
})

describe('a node that stops', () => {
  it('gives everything away: calls, rings, and sessions with what they missed', async () => {
    const node = await cluster.add()
    const [caller, callee, ringing, rung] = [
      await rover(node),
      await rover(node),
      await rover(b),
      await rover(node),
    ]
    const [callId, ringId] = [await establish(caller, callee), await ring(ringing, rung)]
    const closed = Promise.all([caller, callee, rung].map(device => device.closed))
    await node.stop()
    for (const { code } of await closed) expect(code).toBe(1012)
    for (const device of [caller, callee, rung]) device.goTo(c)
    callee.goTo(a)
    expect(await caller.resume()).toMatchObject({ RESUMED: true, CALLS: [{ CALL_ID: callId, HERE: true }] })
    caller.candidate(callee.number, 'while away')
    expect(await callee.resume()).toMatchObject({ RESUMED: true, CALLS: [{ CALL_ID: callId, HERE: true }] })
    expect(await callee.until('it', ({ REASON }) => REASON === 'ICECandidate')).toMatchObject({
      CANDIDATE: 'while away',
    })
    expect(await rung.resume()).toMatchObject({
      RESUMED: true,
      CALLS: [{ CALL_ID: ringId, STATE: 'ringing' }],
    })
    rung.accept(ringing.number, 'at last')
    expect(await ringing.until('it', ({ REASON }) => REASON === 'callResponse')).toMatchObject({
      SDP: 'at last',
    })
    callee.hangUp(caller.number)
    await expectHangUp(caller, 'hung_up', callId)
  })
})
