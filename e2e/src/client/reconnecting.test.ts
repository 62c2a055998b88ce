import type { Call } from '@switchboard/client'
import { describe, expect, it } from 'vitest'
import { running } from '../running.js'
import { connect, handsets, reaches, soon } from './handset.js'

const server = running({ env: { RESUME_WINDOW_SECONDS: '4', RING_TIMEOUT_SECONDS: '20' } })
const { handset } = handsets(server)

/** What a call tells from now on. */
function listen(call: Call): string[] {
  const told: string[] = []
  for (const name of ['connected', 'reconnecting', 'reconnected', 'ended'] as const)
    call.on(name, () => told.push(name))
  return told
}

describe('a lost connection', () => {
  it('comes back by itself, in the same session, and the call never ended', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const [outgoing, incoming] = await connect(ada, ben)
    const [adas, bens] = [listen(outgoing), listen(incoming)]
    const session = JSON.parse(ada.store.getItem('switchboard') ?? '').session
    ada.cut()
    await reaches(outgoing, 'reconnecting')
    await reaches(outgoing, 'connected')
    expect(JSON.parse(ada.store.getItem('switchboard') ?? '').session).toBe(session)
    expect([adas, bens]).toEqual([['reconnecting', 'reconnected'], []])
    incoming.hangUp()
    expect((await soon('the end', outgoing.over)).cause).toBe('hung_up')
  })

  it('loses nothing of what happened meanwhile', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const back = ben.away()
    const outgoing = await ada.phone.call(ben.number)
    back()
    const incoming = await ben.incoming()
    const there = ada.away()
    await incoming.accept()
    there()
    await Promise.all([reaches(outgoing, 'connected'), reaches(incoming, 'connected')])
    const again = ada.away()
    incoming.hangUp()
    expect(outgoing.phase).not.toBe('ended')
    again()
    expect((await soon('the end', outgoing.over)).cause).toBe('hung_up')
  })

  it('says what was said meanwhile, once it is back', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const [outgoing, incoming] = await connect(ada, ben)
    const back = ada.away()
    outgoing.hangUp()
    expect(incoming.phase).toBe('connected')
    back()
    expect((await soon('the end', incoming.over)).cause).toBe('hung_up')
  })

  it('past the resume window no ghost of the call is left on either side', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const [outgoing, incoming] = await connect(ada, ben)
    const back = ada.away()
    expect((await soon('the end', incoming.over)).cause).toBe('connection_lost')
    expect(outgoing.phase).toBe('reconnecting')
    back()
    expect((await soon('the end', outgoing.over)).cause).toBe('connection_lost')
    expect([ada.phone.calls, ben.phone.calls]).toEqual([[], []])
    await connect(ada, ben)
  })

  it('a ring that ended meanwhile has ended here', async () => {
    const [ada, ben] = [await handset(), await handset()]
    const outgoing = await ada.phone.call(ben.number)
    const incoming = await ben.incoming()
    const back = ben.away()
    outgoing.hangUp()
    back()
    expect((await soon('the end', incoming.over)).cause).toBe('cancelled')
  })
})

describe('a page that is loaded again', () => {
  it('goes on with its call: the other side notices nothing but a gap', async () => {
    for (const side of ['caller', 'callee'] as const) {
      const [ada, ben] = [await handset(), await handset()]
      const [who, other] = side === 'caller' ? [ada, ben] : [ben, ada]
      const [outgoing, incoming] = await connect(ada, ben)
      const [mine, theirs] = side === 'caller' ? [outgoing, incoming] : [incoming, outgoing]
      const page = await who.reload()
      expect(page.phone.calls).toHaveLength(1)
      const [taken] = page.phone.calls as [Call]
      expect(taken).toMatchObject({ id: mine.id, direction: mine.direction, peer: other.number })
      await reaches(taken, 'connected')
      expect(theirs.phase).toBe('connected')
      taken.hangUp()
      expect((await soon('the end', theirs.over)).cause).toBe('hung_up')
    }
  })

  it('rings on: the callee can answer, the caller hears the answer', async () => {
    const [ada, ben] = [await handset(), await handset()]
    await ada.phone.call(ben.number)
    await ben.incoming()
    const [adas, bens] = [await ada.reload(), await ben.reload()]
    const [outgoing] = adas.phone.calls as [Call]
    expect(outgoing).toMatchObject({ direction: 'outgoing', phase: 'ringing' })
    const incoming = await bens.incoming()
    await incoming.accept()
    await Promise.all([reaches(outgoing, 'connected'), reaches(incoming, 'connected')])
  })

  it('has nothing to go on with after a logout', async () => {
    const ada = await handset()
    await ada.phone.logout()
    await expect(ada.reload()).rejects.toThrow('nothing to restore')
  })
})
