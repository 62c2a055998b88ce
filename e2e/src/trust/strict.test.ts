import { describe, expect, it } from 'vitest'
import { connectDevice, type Device } from '../device.js'
import { expectHangUp, expectInvalid, expectProblem } from '../expectations.js'
import { type Account, freshNumber, person } from '../people.js'
import { freshPassword } from './fresh-password.js'
import { guarded } from './guarded.js'
import { candidates, everyForm, sdpWith } from './payloads.js'

describe('SECURITY_PROFILE=strict', () => {
  const { server, client, database, device, ...guard } = guarded({ env: { SECURITY_PROFILE: 'strict' } })
  const join = (traits = {}) => guard.join({ password: freshPassword(), ...traits })
  const put = (account: Account, phonenumber: string, password: string | undefined = account.password) =>
    client().rest('PUT', '/put_phonenumber', { token: account.token, body: { phonenumber, password } })
  const create = (traits: object) =>
    client().rest('POST', '/create_user', { body: person({ password: freshPassword(), ...traits }) })
  const befriend = async (owner: Account, { phone_number: contact_phonenumber }: Account) => {
    const { token } = owner
    const answer = await client().rest('POST', '/add_contact', { token, body: { contact_phonenumber } })
    expect(answer.status).toBe(201)
    return answer.body
  }
  const contactsOf = async ({ token }: Account) =>
    (await client().rest('GET', '/get_contacts', { token })).body.contacts as Record<string, string>[]

  describe('passwords', () => {
    it.each(['abcdefghijklmn', 'fourteen chars', '🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢'])(
      'of 14 are refused: %s',
      async password => {
        expectProblem(await create({ password }), 400, 'weak_password')
      },
    )

    it('of 15 are taken, and asked for by change', async () => {
      const account = await join({ password: 'fifteen of them' })
      const { token, password: current_password } = account
      const change = (new_password: string) =>
        client().rest('PUT', '/change_password', { token, body: { current_password, new_password } })
      expectProblem(await change('fourteen chars'), 400, 'weak_password')
      expect((await change('fifteen of these')).status).toBe(204)
    })
  })

  it('a new number and a deletion want the password', async () => {
    const account = await join()
    const { token } = account
    const bare = { token, body: { phonenumber: freshNumber() } }
    expectInvalid(await client().rest('PUT', '/put_phonenumber', bare))
    expectProblem(await put(account, freshNumber(), 'Plover is wrong'), 401, 'invalid_credentials')
    expectInvalid(await client().rest('DELETE', '/delete_user', { token, body: {} }))
    const wrong = { token, body: { password: 'Plover is wrong' } }
    expectProblem(await client().rest('DELETE', '/delete_user', wrong), 401, 'invalid_credentials')
    expect((await client().rest('GET', '/get_user', { token })).body.phone_number).toBe(account.phone_number)
  })

  describe('released numbers', () => {
    const rested = async (seconds: number) =>
      (await database()).query(
        `update resting_numbers set rests_until = rests_until - $1 * interval '1 second'`,
        [seconds],
      )
    const days = 86_400

    it('rest 45 days for others; who released one may return to it', async () => {
      const [ada, bob] = [await join(), await join()]
      expect((await put(ada, freshNumber())).status).toBe(200)
      expectProblem(await put(bob, ada.phone_number), 409, 'phone_number_taken')
      expectProblem(await create({ phone_number: ada.phone_number }), 409, 'already_registered')
      expect((await put(ada, ada.phone_number)).status).toBe(200)
      const between = freshNumber()
      expect((await put(ada, between)).status).toBe(200)
      await rested(45 * days - 60)
      expectProblem(await put(bob, ada.phone_number), 409, 'phone_number_taken')
      await rested(61)
      expect((await put(bob, ada.phone_number)).status).toBe(200)
      expectProblem(await put(ada, ada.phone_number), 409, 'phone_number_taken')
    })

    it('rest after a deletion, too', async () => {
      const { token, password, phone_number, email } = await join()
      expect((await client().rest('DELETE', '/delete_user', { token, body: { password } })).status).toBe(204)
      expectProblem(await create({ phone_number }), 409, 'already_registered')
      expect((await create({ email })).status).toBe(201)
      await rested(45 * days + 1)
      expect((await create({ phone_number })).status).toBe(201)
    })
  })

  it('names and emails are between mutual contacts', async () => {
    const [ada, bob] = [await join(), await join({ firstname: 'Bartholomew', lastname: 'Quigley' })]
    const hidden = { phone_number: bob.phone_number, firstname: '', lastname: '', username: '', email: '' }
    expect(await befriend(ada, bob)).toEqual(hidden)
    expect(await contactsOf(ada)).toEqual([hidden])
    const exported = await client().rest('GET', '/export_user', { token: ada.token })
    for (const detail of ['Bartholomew', 'Quigley', bob.email]) expect(exported.text).not.toContain(detail)
    await befriend(bob, ada)
    expect(await contactsOf(ada)).toMatchObject([{ username: 'Bartholomew Quigley', email: bob.email }])
    const body = { contact_phonenumber: ada.phone_number }
    await client().rest('DELETE', '/delete_contact', { token: bob.token, body })
    expect(await contactsOf(ada)).toEqual([hidden])
  })

  it('calls come from contacts alone; that the caller knows the callee is not enough', async () => {
    const [ada, bob] = [await join(), await join()]
    await befriend(ada, bob)
    const [caller, callee] = [await device(ada), await device(bob)]
    caller.call(bob.phone_number)
    await expectHangUp(caller, 'unavailable')
    expect(await callee.fence()).toEqual([])
    await befriend(bob, ada)
    caller.call(bob.phone_number)
    await callee.next('call')
  })

  it('who are not each other’s contacts learn no address', async () => {
    const [ada, bob] = [await join(), await join()]
    await befriend(bob, ada)
    const [caller, callee] = [await device(ada), await device(bob)]
    const addresses = await exchangeAll(caller, callee)
    expect(addresses.heard).toEqual([])
    await befriend(ada, bob)
    caller.hangUp(callee.number)
    await callee.until('the end', ({ REASON }) => REASON === 'HangUp')
    expect((await exchangeAll(caller, callee)).heard).not.toEqual([])
  })

  /** A call with every kind of candidate both ways; which addresses came through. */
  async function exchangeAll(caller: Device, callee: Device) {
    caller.call(callee.number, sdpWith(candidates.host))
    const frames = [await callee.next('call')]
    callee.accept(caller.number, sdpWith(candidates.srflx))
    frames.push(await caller.until('the answer', ({ REASON }) => REASON === 'callResponse'))
    for (const [from, to] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      for (const line of Object.values(candidates))
        for (const form of everyForm(line)) from.candidate(to.number, form)
      await from.fence()
      frames.push(...(await to.fence()))
    }
    return { heard: JSON.stringify(frames).match(/198\.51\.100\.\d+|2001:db8:ffff::\d+/g) ?? [] }
  }

  describe('plain HTTP and ws', () => {
    it('are refused when the proxy says so', async () => {
      const headers = { 'x-forwarded-proto': 'http' }
      const { rest } = client()
      for (const proto of ['http', 'https, http', 'HTTP']) {
        const answer = await rest('POST', '/login', { headers: { 'x-forwarded-proto': proto }, body: {} })
        expectProblem(answer, 400, 'invalid_request')
        expect(answer.body.detail).toMatch(/HTTPS/)
      }
      await expect(server.wire({ headers })).rejects.toThrow('refused with 400')
      expect((await rest('GET', '/health/live', { headers })).status).toBe(200)
    })

    it('are taken when it says https', async () => {
      const account = await join()
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': client().address }
      const { token } = account
      expect((await server.rest('GET', '/get_user', { token, headers })).status).toBe(200)
      ;(await connectDevice(server.signal, account, { headers })).wire.socket.terminate()
    })
  })
})

describe('SECURITY_PROFILE=strict without a proxy', () => {
  const { server } = guarded({ env: { SECURITY_PROFILE: 'strict', TRUST_PROXY: 'off' } })

  it('takes no plain HTTP or ws, whatever the client claims; health is exempt', async () => {
    for (const headers of [{}, { 'x-forwarded-proto': 'https' }] as Record<string, string>[]) {
      for (const path of ['/create_user', '/login'])
        expectProblem(await server.rest('POST', path, { headers, body: person() }), 400, 'invalid_request')
      expect((await server.rest('GET', '/get_user', { headers, token: 'x' })).status).toBe(400)
      await expect(server.wire({ headers })).rejects.toThrow('refused with 400')
      const signal = `${server.api.replace('http', 'ws')}/signal`
      await expect(server.wire({ headers, url: signal })).rejects.toThrow('refused with 400')
      for (const path of ['/health/live', '/health/ready'])
        expect((await server.rest('GET', path, { headers })).status).toBe(200)
    }
  })
})
