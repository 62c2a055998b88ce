import { describe, expect, it } from 'vitest'
import { connectDevice } from '../device.js'
import { expectHangUp, expectInvalid, expectNothing, expectProblem } from '../expectations.js'
import { type Account, freshNumber, login, type Person, person, register } from '../people.js'
import type { RestOptions } from '../rest-client.js'
import { running } from '../running.js'

/** What a proxy on this machine adds to a request that came to it over TLS. */
const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.44' }
const password = 'gravel lemming trombone'

describe('SECURITY_PROFILE=strict', () => {
  const server = running({ env: { SECURITY_PROFILE: 'strict', TRUST_PROXY: '127.0.0.1' } })
  const rest = (method: string, path: string, options: RestOptions = {}) =>
    server.rest(method, path, { ...options, headers: { ...headers, ...options.headers } })
  const join = async (traits: Partial<Person> = {}): Promise<Account> => {
    const who = person({ password, ...traits })
    await register(rest, who)
    return { ...who, token: await login(rest, who) }
  }
  const device = (account: Account) => connectDevice(server.signal, account, { headers })

  it('wants passwords of 15', async () => {
    const create = (secret: string) => rest('POST', '/create_user', { body: person({ password: secret }) })
    expectProblem(await create('SuperSecure'), 400, 'weak_password')
    expectProblem(await create('k7#pQ2xzWm4&vT'), 400, 'weak_password')
    expect((await create('k7#pQ2xzWm4&vT9')).status).toBe(201)
  })

  it('wants the password again for a new number', async () => {
    const { token } = await join()
    const put = (body: object) => rest('PUT', '/put_phonenumber', { token, body })
    const phonenumber = freshNumber()
    const without = await put({ phonenumber })
    expect([400, 401]).toContain(without.status)
    expectProblem(await put({ phonenumber, password: 'not the password at all' }), 401, 'invalid_credentials')
    expect((await put({ phonenumber, password })).body.phone_number).toBe(phonenumber)
  })

  it('rests a number that was released', async () => {
    const account = await join()
    const change = { phonenumber: freshNumber(), password }
    expect((await rest('PUT', '/put_phonenumber', { token: account.token, body: change })).status).toBe(200)
    const taken = person({ password, phone_number: account.phone_number })
    expectProblem(await rest('POST', '/create_user', { body: taken }), 409, 'already_registered')
    const other = await join()
    const body = { phonenumber: account.phone_number, password }
    const wish = await rest('PUT', '/put_phonenumber', { token: other.token, body })
    expectProblem(wish, 409, 'phone_number_taken')
  })

  it('lets contacts call alone: a stranger finds nobody', async () => {
    const [ada, ben] = [await join(), await join()]
    const [caller, callee] = [await device(ada), await device(ben)]
    caller.call(ben.phone_number)
    await expectHangUp(caller, 'unavailable')
    await expectNothing(callee, caller)
    const body = { contact_phonenumber: ada.phone_number }
    expect((await rest('POST', '/add_contact', { token: ben.token, body })).status).toBe(201)
    caller.call(ben.phone_number)
    await callee.next('call')
    for (const each of [caller, callee]) each.wire.socket.terminate()
  })

  it('refuses unknown fields still', async () => {
    const { token } = await join()
    expectInvalid(await rest('PUT', '/put_firstname', { token, body: { firstname: 'Ada', password } }))
  })
})

describe('SECURITY_PROFILE=strict without a proxy', () => {
  const server = running({ env: { SECURITY_PROFILE: 'strict' } })

  it('refuses plain HTTP and ws', async () => {
    for (const more of [{}, { headers }]) {
      const response = await server.rest('POST', '/create_user', { body: person({ password }), ...more })
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.status).toBeLessThan(500)
      await expect(server.wire(more)).rejects.toThrow(/refused with 4\d\d/)
    }
  })
})
