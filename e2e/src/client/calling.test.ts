import type { Call } from '@switchboard/client'
import { describe, expect, it } from 'vitest'
import { running } from '../running.js'
import { connect, handsets, next, reaches, soon } from './handset.js'

const server = running({ env: { RING_TIMEOUT_SECONDS: '3' } })
const { handset } = handsets(server)

const cause = async (call: Call) => (await soon('the end', call.over)).cause

describe('a call', () => {
  it('rings, is accepted, and is hung up by either side', async () => {
    const [ada, ben] = [await handset(), await handset()]
    for (const by of ['caller', 'callee'] as const) {
      const outgoing = await ada.phone.call(ben.number)
      expect([outgoing.phase, outgoing.direction, outgoing.peer]).toEqual(['calling', 'outgoing', ben.number])
      const incoming = await ben.incoming()
      await reaches(outgoing, 'ringing')
      expect(incoming).toMatchObject({
        id: outgoing.id,
        peer: ada.number,
        direction: 'incoming',
        phase: 'ringing',
      })
      await incoming.accept()
      await Promise.all([reaches(outgoing, 'connected'), reaches(incoming, 'connected')])
      expect(ada.phone.calls).toEqual([outgoing])
      const other = by === 'caller' ? incoming : outgoing
      ;(by === 'caller' ? outgoing : incoming).hangUp()
      expect([await cause(outgoing), await cause(incoming)]).toEqual(['hung_up', 'hung_up'])
      expect(other.phase).toBe('ended')
      expect([ada.phone.calls, ben.phone.calls]).toEqual([[], []])
    }
  })

  it('events come in their order, each once', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const told: string[] = []
    ben.phone.on('incoming', call => call.accept())
    const call = await ada.phone.call(ben.number)
    for (const name of ['ringing', 'connected', 'reconnecting', 'reconnected', 'ended'] as const)
      call.on(name, () => told.push(name))
    await next(call, 'connected')
    call.hangUp()
    await call.over
    expect(told).toEqual(['ringing', 'connected', 'ended'])
  })

  it('is denied, by deny or by hanging up', async () => {
    const [ada, ben] = [await handset(), await handset()]
    for (const refuse of ['deny', 'hangUp'] as const) {
      const outgoing = await ada.phone.call(ben.number)
      const incoming = await ben.incoming()
      incoming[refuse]()
      expect([await cause(outgoing), await cause(incoming)]).toEqual(['denied', 'denied'])
    }
  })

  it('is cancelled by the caller, before the server has named it too', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const outgoing = await ada.phone.call(ben.number)
    outgoing.hangUp()
    expect([outgoing.id, await cause(outgoing)]).toEqual([undefined, 'cancelled'])
    const rung = await ada.phone.call(ben.number)
    const missed = await ben.incoming()
    rung.hangUp()
    expect(await cause(missed)).toBe('cancelled')
    const [again, incoming] = await connect(ada, ben)
    expect(again.id).toBe(incoming.id)
  })

  it('meets somebody who is busy, nobody at all, and nobody who answers', async () => {
    const [ada, ben, eve] = [await handset(), await handset(), await handset()]
    await connect(ada, ben)
    expect(await cause(await eve.phone.call(ben.number))).toBe('busy')
    expect(await cause(await eve.phone.call('999'))).toBe('unavailable')
    const away = await server.join()
    expect(await cause(await eve.phone.call(away.phone_number))).toBe('unavailable')
    const deaf = await handset()
    const outgoing = await eve.phone.call(deaf.number)
    expect([await cause(outgoing), await cause(await deaf.incoming())]).toEqual(['no_answer', 'no_answer'])
  })

  it('cannot be made in another one: the error says so', async () => {
    const [ada, ben, eve] = [await handset(), await handset(), await handset()]
    await connect(ada, ben)
    const end = await soon('the end', (await ada.phone.call(eve.number)).over)
    expect(end).toMatchObject({
      error: { name: 'CallError', code: 'call_in_progress', advice: expect.stringContaining('first') },
    })
    expect(ada.phone.calls).toHaveLength(1)
  })

  it('of two who call each other one goes on', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const calls = await Promise.all([ada.phone.call(ben.number), ben.phone.call(ada.number)])
    const loser = await soon('glare', Promise.race(calls.map(call => call.over.then(() => call))))
    expect(loser.end?.cause).toBe('glare')
    const [winner] = calls.filter(call => call !== loser)
    const incoming = await (loser === calls[0] ? ada : ben).incoming()
    await incoming.accept()
    await reaches(winner as Call, 'connected')
    expect(incoming.id).toBe(winner?.id)
  })
})

describe('two devices of one user', () => {
  it('both ring; the first answer wins, and the other hears where', async () => {
    const [ada, one] = [await handset(), await handset()]
    const two = await handset(await server.again(one.account))
    const outgoing = await ada.phone.call(one.number)
    const [here, there] = await Promise.all([one.incoming(), two.incoming()])
    await there.accept()
    await reaches(outgoing, 'connected')
    expect(await cause(here)).toBe('answered_elsewhere')
    expect(one.phone.calls).toEqual([])
  })

  it('a refusal ends the ringing on both', async () => {
    const [ada, one] = [await handset(), await handset()]
    const two = await handset(await server.again(one.account))
    const outgoing = await ada.phone.call(one.number)
    const [here, there] = await Promise.all([one.incoming(), two.incoming()])
    here.deny()
    expect(await Promise.all([outgoing, here, there].map(cause))).toEqual([
      'denied',
      'denied',
      'declined_elsewhere',
    ])
  })

  it('one that connects while it rings is told, though it listens late', async () => {
    const [ada, one] = [await handset(), await handset()]
    const outgoing = await ada.phone.call(one.number)
    await one.incoming()
    const two = await handset(await server.again(one.account))
    expect((await two.incoming()).id).toBe(outgoing.id)
  })
})

describe('a client that speaks the plain messages alone', () => {
  it('calls the SDK, and is called by it', async () => {
    const [ada, plain] = [await handset(), await server.device()]
    plain.call(ada.number, 'v=0, an offer')
    const incoming = await ada.incoming()
    expect(incoming.peer).toBe(plain.number)
    await incoming.accept()
    const answer = await plain.until('the answer', ({ REASON }) => REASON === 'callResponse')
    expect(answer).toMatchObject({ RESPONSE: 'accept', SDP: { type: 'answer', sdp: expect.any(String) } })
    plain.call(ada.number, 'v=0, a later offer')
    await plain.until('its answer', ({ REASON }) => REASON === 'callResponse')
    plain.hangUp(ada.number)
    expect(await cause(incoming)).toBe('hung_up')

    const outgoing = await ada.phone.call(plain.number)
    await plain.until('the call', ({ REASON }) => REASON === 'call')
    plain.accept(ada.number, 'v=0, an answer')
    await reaches(outgoing, 'connected')
    outgoing.hangUp()
    await plain.until('the end', ({ CAUSE }) => CAUSE === 'hung_up')
  })
})

describe('what is asked for at the wrong time', () => {
  it('is refused with an error that says what to do', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const outgoing = await ada.phone.call(ben.number)
    await expect(outgoing.accept()).rejects.toMatchObject({ name: 'CallError', code: 'unsupported' })
    expect(() => outgoing.sendDigits('1')).toThrow(expect.objectContaining({ code: 'not_established' }))
    const incoming = await ben.incoming()
    outgoing.hangUp()
    outgoing.hangUp()
    expect(() => outgoing.hold()).toThrow(
      expect.objectContaining({ code: 'ended', advice: expect.any(String) }),
    )
    await incoming.over
    await expect(incoming.accept()).rejects.toMatchObject({ code: 'ended' })
  })
})
