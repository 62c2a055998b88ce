import { describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { running } from '../running.js'
import type { Frame } from '../wire.js'
import { candidates, everyForm, everyFormOfSdp, relay, sdpWith, secretAddress, textIn } from './payloads.js'

type Wish = 'callee' | 'caller'

describe('relay_only_for_strangers', () => {
  const server = running()
  const wish = async ({ account: { token } }: Device) => {
    const body = { relay_only_for_strangers: true }
    const answer = await server.rest('PUT', '/put_settings', { token, body })
    expect(answer.body).toEqual({ relay_only_for_strangers: true, calls_from_contacts_only: false })
  }
  const befriend = async (owner: Device, contact: Device) => {
    const { token } = owner.account
    const body = { contact_phonenumber: contact.number }
    expect((await server.rest('POST', '/add_contact', { token, body })).status).toBe(201)
  }
  async function pair(...wishes: readonly Wish[]) {
    const [caller, callee] = [await server.device(), await server.device()]
    if (wishes.includes('callee')) await wish(callee)
    if (wishes.includes('caller')) await wish(caller)
    return { caller, callee }
  }
  async function established(caller: Device, callee: Device, offer: unknown, answer: unknown) {
    caller.call(callee.number, offer)
    const call = await callee.next('call')
    callee.accept(caller.number, answer)
    const response = await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
    return [call.SDP, response.SDP]
  }
  const addressesIn = (frames: unknown) => JSON.stringify(frames).match(secretAddress) ?? []
  /** A string of JSON may say the same in another order. */
  const parsed = (payload: unknown) =>
    typeof payload === 'string' && payload.startsWith('{') ? ['JSON', JSON.parse(payload)] : payload
  const candidateOf = ({ CANDIDATE }: Frame) => CANDIDATE

  it.each<[string, Wish[]]>([
    ['of the callee', ['callee']],
    ['of the caller', ['caller']],
    ['of both', ['caller', 'callee']],
  ])('by the wish %s: no candidate but a relay passes, in whatever form, either way', async (_, wishes) => {
    const { caller, callee } = await pair(...wishes)
    await established(caller, callee, sdpWith(), sdpWith())
    for (const [from, to] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      for (const line of Object.values(candidates))
        for (const form of everyForm(line))
          expect(await from.ask(ice(to, form))).toMatchObject({ REASON: 'ack' })
      for (const form of everyForm(relay.said)) from.candidate(to.number, form)
      await from.fence()
      const heard = (await to.fence()).map(candidateOf)
      expect(heard.map(parsed)).toEqual(everyForm(relay.heard).map(parsed))
    }
  })

  it('neither do those that are held until the callee accepts, nor those before', async () => {
    const { caller, callee } = await pair('callee')
    caller.call(callee.number, sdpWith())
    await callee.next('call')
    for (const line of Object.values(candidates)) {
      caller.candidate(callee.number, line)
      callee.candidate(caller.number, line)
    }
    callee.candidate(caller.number, relay.said)
    expect((await Promise.all([caller.fence(), callee.fence()])).map(addressesIn)).toEqual([[], []])
    callee.accept(caller.number, sdpWith())
    await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
    expect(await caller.next('ICECandidate')).toMatchObject({ CANDIDATE: relay.heard })
    expect(addressesIn([await caller.fence(), await callee.fence()])).toEqual([])
  })

  it('the end of candidates passes', async () => {
    const { caller, callee } = await pair('callee')
    await established(caller, callee, sdpWith(), sdpWith())
    const ends = [null, '', { candidate: '', sdpMid: '0', sdpMLineIndex: 0 }]
    for (const end of ends) caller.candidate(callee.number, end)
    await caller.fence()
    expect((await callee.fence()).map(candidateOf)).toEqual(ends)
  })

  it('addresses inside an SDP do not pass in any form; nothing else of it changes', async () => {
    const full = sdpWith(...Object.values(candidates), relay.said)
    const telling = full.replaceAll('c=IN IP4 0.0.0.0', 'c=IN IP4 198.51.100.8')
    const screened = sdpWith(relay.heard).replace('IN IP4 127.0.0.1', 'IN IP4 0.0.0.0')
    for (const [n, offer] of everyFormOfSdp(telling).entries()) {
      const { caller, callee } = await pair('callee')
      const answer = everyFormOfSdp(full)[n]
      const heard = await established(caller, callee, offer, answer)
      expect(addressesIn(heard)).toEqual([])
      expect(heard.map(textIn)).toEqual([screened, screened])
      expect(heard.map(each => typeof each)).toEqual([typeof offer, typeof answer])
    }
  })

  it('nor in a renegotiation', async () => {
    const { caller, callee } = await pair('callee')
    await established(caller, callee, sdpWith(), sdpWith())
    caller.call(callee.number, sdpWith(...Object.values(candidates)))
    callee.accept(caller.number, sdpWith(...Object.values(candidates)))
    await Promise.all([caller.fence(), callee.fence()])
    expect(addressesIn([await caller.fence(), await callee.fence()])).toEqual([])
  })

  it('mutual contacts have everything byte by byte', async () => {
    const { caller, callee } = await pair('caller', 'callee')
    await befriend(caller, callee)
    await befriend(callee, caller)
    const offer = { type: 'offer', sdp: sdpWith(...Object.values(candidates)), x: [1, { y: 1.0 }] }
    caller.call(callee.number, offer)
    expect((await callee.next('call')).SDP).toEqual(offer)
    callee.accept(caller.number, sdpWith(candidates.host))
    const { SDP } = await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
    expect(SDP).toBe(sdpWith(candidates.host))
    const raw = '{ "candidate":"candidate:1 1 udp 1 198.51.100.9 9 typ host" , "sdpMid" : "0","n":1.50}'
    callee.wire.sendText(
      `{"REASON":"ICECandidate","RECEIVER_PHONE_NUMBER":"${caller.number}","CANDIDATE":${raw}}`,
    )
    expect(caller.wire.textOf(await caller.next('ICECandidate'))).toContain(`"CANDIDATE":${raw}`)
  })

  it('a contact on one side is a stranger still; and without the wish strangers have everything', async () => {
    for (const [owner, heard] of [
      ['callee', []],
      ['caller', []],
    ] as const) {
      const { caller, callee } = await pair('callee')
      await (owner === 'callee' ? befriend(callee, caller) : befriend(caller, callee))
      const sdps = await established(caller, callee, sdpWith(candidates.host), sdpWith(candidates.srflx))
      expect(addressesIn(sdps)).toEqual(heard)
    }
    const { caller, callee } = await pair()
    const sdps = await established(caller, callee, sdpWith(candidates.host), sdpWith(candidates.srflx))
    expect(sdps).toEqual([sdpWith(candidates.host), sdpWith(candidates.srflx)])
  })

  it('holds for the call in which it was wished before, after a restart, too', async () => {
    const { caller, callee } = await pair('callee')
    await established(caller, callee, sdpWith(), sdpWith())
    await caller.ask(ice(callee, relay.said)) // what is acknowledged is written
    await callee.next('ICECandidate')
    await server.kill()
    await server.start()
    await caller.reconnect({ SESSION: caller.session, LAST_SEQ: caller.lastSeq })
    await callee.reconnect({ SESSION: callee.session, LAST_SEQ: callee.lastSeq })
    for (const line of Object.values(candidates)) caller.candidate(callee.number, line)
    caller.candidate(callee.number, relay.said)
    const heard = await callee.until('the relay', ({ REASON }) => REASON === 'ICECandidate')
    expect(heard.CANDIDATE).toBe(relay.heard)
  })
})

const ice = (to: Device, candidate: unknown) => ({
  REASON: 'ICECandidate',
  RECEIVER_PHONE_NUMBER: to.number,
  CANDIDATE: candidate,
})
