import { NetworkError, RequestError, Switchboard, SwitchboardError } from '@switchboard/client'
import { afterAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { person } from '../people.js'
import { running } from '../running.js'
import { connect, handsets, soon } from './handset.js'

let mailbox: Mailbox
const server = running({
  env: async () => {
    mailbox = await openMailbox()
    return { SMTP_URL: mailbox.url, TOKEN_TTL_SECONDS: '5' }
  },
})
afterAll(() => mailbox.close())
const { handset } = handsets(server)
const transport = { WebSocket }

const closed = (phone: { on(name: 'closed', listener: (error: SwitchboardError) => void): unknown }) =>
  soon('closed', new Promise<SwitchboardError>(resolve => phone.on('closed', resolve)))

describe('an account', () => {
  it('is made, and opens a phone; a second one with the same number is refused', async () => {
    const who = person()
    const user = await Switchboard.register({ url: server.api, ...who })
    expect(user).toMatchObject({ phone_number: who.phone_number, email: who.email })
    const refused = Switchboard.register({ url: server.api, ...who })
    await expect(refused).rejects.toMatchObject({
      name: 'RequestError',
      code: 'already_registered',
      status: 409,
    })
    const phone = await Switchboard.login({
      url: `${server.api}/`,
      ...who,
      media: null,
      store: null,
      transport,
    })
    expect(phone.number).toBe(who.phone_number)
    phone.close()
  })

  it('opens to nobody with a wrong password, and the error says what to do', async () => {
    const { email } = await server.join()
    const login = Switchboard.login({ url: server.api, email, password: 'wrong', media: null, transport })
    await expect(login).rejects.toSatisfy(
      error =>
        error instanceof RequestError &&
        error instanceof SwitchboardError &&
        error.advice.includes('password'),
    )
    const invalid = Switchboard.register({ url: server.api, ...person({ email: 'none' }) })
    await expect(invalid).rejects.toMatchObject({ code: 'invalid_request', fields: [{ path: '/email' }] })
  })

  it('is not reached where there is no server, or another one', async () => {
    const nowhere = Switchboard.requestPasswordReset({ url: 'http://127.0.0.1:9', email: 'a@b.c' })
    await expect(nowhere).rejects.toSatisfy(
      error => error instanceof NetworkError && error.cause instanceof Error,
    )
    const other = { fetch: async () => new Response('<html>', { status: 502 }) }
    const proxied = Switchboard.requestPasswordReset({
      url: server.api,
      email: 'a@b.c',
      transport: { ...transport, ...other },
    })
    await expect(proxied).rejects.toMatchObject({
      name: 'NetworkError',
      message: expect.stringContaining('502'),
    })
  })

  it('shows, changes and exports what it holds', async () => {
    const { phone, account } = await handset()
    expect(await phone.account.changeFirstname('Nova')).toMatchObject({ firstname: 'Nova' })
    expect(await phone.account.changeLastname('Berg')).toMatchObject({ lastname: 'Berg' })
    const number = person().phone_number
    await phone.account.changeNumber(number)
    expect(await phone.account.get()).toEqual({
      firstname: 'Nova',
      lastname: 'Berg',
      phone_number: number,
      email: account.email,
    })
    expect((await phone.account.export()).profile).toMatchObject({ phone_number: number })
    expect(await phone.settings.change({ calls_from_contacts_only: true })).toMatchObject({
      calls_from_contacts_only: true,
    })
  })

  it('has contacts, presence, blocks and a history', async () => {
    const [ada, ben] = [await handset(), await handset()]
    expect(await ada.phone.contacts.add(ben.number)).toMatchObject({ phone_number: ben.number })
    await ben.phone.contacts.add(ada.number)
    expect((await ada.phone.contacts.list({ limit: 10 })).contacts).toHaveLength(1)
    const presence = [{ phone_number: ben.number, reachable: true, in_call: false }]
    expect(await ada.phone.contacts.presence()).toEqual(presence)
    const [call] = await connect(ada, ben)
    call.hangUp()
    const page = () => ada.phone.history({ limit: 1 })
    await expect
      .poll(async () => (await page()).calls)
      .toMatchObject([{ call_id: call.id, outcome: 'answered' }])
    await ben.phone.blocking.add(ada.number)
    expect(await ben.phone.blocking.list()).toEqual([ada.number])
    expect((await soon('the end', (await ada.phone.call(ben.number)).over)).cause).toBe('unavailable')
    await ben.phone.blocking.remove(ada.number)
    await ada.phone.contacts.remove(ben.number)
    expect((await ada.phone.contacts.list()).contacts).toEqual([])
  })

  it('gets a new password by mail; whoever was logged in is told', async () => {
    const { phone, account } = await handset()
    const gone = closed(phone)
    await Switchboard.requestPasswordReset({ url: server.api, email: account.email })
    const code = await mailbox.code(account.email)
    server.secret(code)
    const newPassword = 'another Kestrel 99'
    const { email } = account
    await Switchboard.resetPassword({ url: server.api, email, code, newPassword })
    expect(await gone).toMatchObject({ name: 'ConnectionError', code: 'revoked', advice: 'Log in again.' })
    await handset({ ...account, password: newPassword })
  })

  it('changes its password: this phone stays, the other is closed', async () => {
    const one = await handset()
    const two = await handset(one.account)
    const gone = closed(two.phone)
    await one.phone.account.changePassword(one.account.password, 'another Kestrel 98')
    expect((await gone).code).toBe('revoked')
    expect((await one.phone.account.get()).email).toBe(one.account.email)
  })

  it('is logged out everywhere, and deleted', async () => {
    const [one, other] = [await handset(), await handset()]
    const two = await handset(one.account)
    const gone = [closed(one.phone), closed(two.phone), closed(other.phone)]
    await one.phone.logout(true)
    await other.phone.account.delete(other.account.password)
    expect((await Promise.all(gone)).map(({ code }) => code)).toEqual(['revoked', 'revoked', 'revoked'])
    await expect(handset(other.account)).rejects.toMatchObject({ code: 'invalid_credentials' })
  })
})

describe('a token', () => {
  it('is renewed before it expires: a phone goes on for longer than one lives', async () => {
    const { phone, store } = await handset()
    const token = () => JSON.parse(store.getItem('switchboard') ?? '{}').token as string
    const first = token()
    await expect.poll(token, { timeout: 10_000 }).not.toBe(first)
    const second = token()
    await expect.poll(token, { timeout: 10_000 }).not.toBe(second)
    expect((await phone.account.get()).phone_number).toBe(phone.number)
    expect(phone.isOnline).toBe(true)
  })
})
