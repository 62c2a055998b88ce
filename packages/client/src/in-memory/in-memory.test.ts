import { afterEach, describe, expect, it } from 'vitest'
import { testEnvironment } from '../environment.testing.js'
import { type Call, type Phone, Switchboard, systemEnvironment } from '../index.js'
import { createInMemoryServer } from './index.js'

const open = new Set<Phone>()
afterEach(() => {
  for (const phone of open) phone.close()
  open.clear()
})

const people = { ada: '1234567890', ben: '1212121212', eve: '1313131313' }
type Name = keyof typeof people

function world() {
  const server = createInMemoryServer()
  const kept = new Map<string, Map<string, string>>()
  for (const [name, phone_number] of Object.entries(people))
    server.register({
      firstname: name,
      lastname: 'Test',
      phone_number,
      email: `${name}@x.yup`,
      password: name,
    })
  const options = (name: Name) => {
    const items = kept.get(name) ?? new Map<string, string>()
    kept.set(name, items)
    const store = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    }
    const environment = { ...systemEnvironment, random: () => 0 }
    return { url: server.url, transport: server.transport, media: null, store, environment }
  }
  return {
    server,
    options,
    phone: async (name: Name) => {
      const phone = await Switchboard.login({ ...options(name), email: `${name}@x.yup`, password: name })
      open.add(phone)
      return phone
    },
  }
}

const incoming = (phone: Phone) => new Promise<Call>(resolve => phone.once('incoming', resolve))
const event = (call: Call, name: 'ringing' | 'connected' | 'reconnected') =>
  new Promise<void>(resolve => call.once(name, () => resolve()))

async function connected(from: Phone, to: Phone) {
  const outgoing = await from.call(to.number)
  const call = await incoming(to)
  const stands = event(outgoing, 'connected')
  await call.accept()
  await stands
  return [outgoing, call] as const
}

describe('an app that is tested in memory', () => {
  it('calls, is answered, and finds the call in the history', async () => {
    const { phone } = world()
    const [ada, ben] = [await phone('ada'), await phone('ben')]
    const [outgoing, call] = await connected(ada, ben)
    expect([outgoing.phase, call.phase, outgoing.id]).toEqual(['connected', 'connected', call.id])
    call.hangUp()
    expect((await outgoing.over).cause).toBe('hung_up')
    expect((await ada.history()).calls).toMatchObject([
      { call_id: call.id, peer: ben.number, outcome: 'answered' },
    ])
  })

  it('is denied, busy, unavailable; and of two who call each other one goes on', async () => {
    const { phone } = world()
    const [ada, ben] = [await phone('ada'), await phone('ben')]
    expect((await (await ada.call(people.eve)).over).cause).toBe('unavailable')
    const eve = await phone('eve')
    const first = await ada.call(ben.number)
    ;(await incoming(ben)).deny()
    expect((await first.over).cause).toBe('denied')
    await connected(ada, ben)
    expect((await (await eve.call(ben.number)).over).cause).toBe('busy')
    const [, atBen] = [ada.calls[0]?.hangUp(), await phone('eve')]
    const [one, other] = await Promise.all([atBen.call(ada.number), ada.call(eve.number)])
    expect([(await other.over).cause, one.end]).toEqual(['glare', undefined])
  })

  it('a second device rings; the first answer wins', async () => {
    const { phone } = world()
    const [ada, one, two] = [await phone('ada'), await phone('ben'), await phone('ben')]
    await ada.call(people.ben)
    const [here, there] = await Promise.all([incoming(one), incoming(two)])
    await there.accept()
    expect((await here.over).cause).toBe('answered_elsewhere')
  })

  it('loses its network, and goes on', async () => {
    const { phone, server } = world()
    const [ada, ben] = [await phone('ada'), await phone('ben')]
    const [outgoing, call] = await connected(ada, ben)
    const back = event(outgoing, 'reconnected')
    server.cut(ada.number)
    await back
    call.hangUp()
    expect((await outgoing.over).cause).toBe('hung_up')
  })

  it('is loaded again in the middle of a call', async () => {
    const { phone, options } = world()
    const [ada, ben] = [await phone('ada'), await phone('ben')]
    const [outgoing] = await connected(ada, ben)
    const again = await Switchboard.restore(options('ada'))
    open.add(again as Phone)
    const [taken] = again?.calls ?? []
    expect(taken).toMatchObject({ id: outgoing.id, peer: ben.number })
    await event(taken as Call, 'reconnected')
    expect((await outgoing.over).error?.code).toBe('displaced')
  })

  it('is loaded again while the server is away, and keeps its login for later', async () => {
    const { phone, options } = world()
    const ada = await phone('ada')
    ada.close()
    const { transport, store, ...others } = options('ada')
    const environment = testEnvironment()
    class Nobody {
      onopen = null
      onmessage = null
      onclose = null
      onerror = null
      close() {}
      send() {}
    }
    const away = { ...transport, WebSocket: Nobody }
    const restoring = Switchboard.restore({ ...others, store, transport: away, environment })
    const refused = expect(restoring).rejects.toMatchObject({ code: 'network' })
    await environment.advance(60_000)
    await refused
    const again = await Switchboard.restore(options('ada'))
    open.add(again as Phone)
    expect(again?.number).toBe(people.ada)
  })

  it('has contacts, settings, blocks and an account, with the errors of the server', async () => {
    const { phone } = world()
    const [ada, ben] = [await phone('ada'), await phone('ben')]
    await ada.contacts.add('12 12-12 12 12')
    await expect(ada.contacts.add('999')).rejects.toMatchObject({
      name: 'RequestError',
      code: 'user_not_found',
    })
    await ben.contacts.add(ada.number)
    expect(await ada.contacts.presence()).toEqual([
      { phone_number: ben.number, reachable: true, in_call: false },
    ])
    await ada.settings.change({ calls_from_contacts_only: true })
    expect(await ada.settings.get()).toEqual({
      calls_from_contacts_only: true,
      relay_only_for_strangers: false,
    })
    await ben.blocking.add(ada.number)
    expect((await (await ada.call(ben.number)).over).cause).toBe('unavailable')
    const closed = new Promise(resolve => ada.once('closed', resolve))
    await ada.account.delete('ada')
    expect(await closed).toMatchObject({ code: 'revoked' })
  })
})
