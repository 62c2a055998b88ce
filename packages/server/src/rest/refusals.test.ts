import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RestWorld, restWorld } from './testing.js'

let world: RestWorld
beforeAll(async () => {
  world = await restWorld()
})
afterAll(() => world.close())

type Answer = Awaited<ReturnType<RestWorld['ask']>>
const refused = ({ status, headers, body }: Answer, code: string) => {
  expect(body).toMatchObject({ code, status, type: `urn:switchboard:error:${code}` })
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  expect(body).toEqual({
    type: expect.any(String),
    title: expect.any(String),
    status,
    detail: expect.any(String),
    code,
    ...(body.errors && { errors: expect.any(Array) }),
  })
  return status
}

describe('accounts', () => {
  test('a number or email that is registered is refused by the same words', async () => {
    const ada = await world.person()
    const { token: _, ...account } = ada
    const byNumber = await world.ask('POST', '/create_user', { ...account, email: 'new@domain.yup' })
    const byEmail = await world.ask('POST', '/create_user', {
      ...account,
      phone_number: '5559999',
      email: ada.email.toUpperCase(),
    })
    expect(refused(byNumber, 'already_registered')).toBe(409)
    expect(byEmail.body).toEqual(byNumber.body)
  })

  test('a weak password is refused', async () => {
    const account = { firstname: 'A', lastname: 'B', phone_number: '5559998', email: 'w@domain.yup' }
    for (const password of ['short', 'password123', 'w@domain.yup']) {
      expect(
        refused(await world.ask('POST', '/create_user', { ...account, password }), 'weak_password'),
      ).toBe(400)
    }
  })

  test('a taken number', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    const answer = await world.ask('PUT', '/put_phonenumber', { phonenumber: bob.phone_number }, ada.token)
    expect(refused(answer, 'phone_number_taken')).toBe(409)
  })

  test('a deletion without the right password', async () => {
    const ada = await world.person()
    const answer = await world.ask('DELETE', '/delete_user', { password: 'wrongPassword' }, ada.token)
    expect(refused(answer, 'invalid_credentials')).toBe(401)
    expect((await world.ask('DELETE', '/delete_user', { password: ada.password }, ada.token)).status).toBe(
      204,
    )
    expect(refused(await world.ask('GET', '/get_user', undefined, ada.token), 'invalid_token')).toBe(401)
  })
})

describe('sessions', () => {
  test('an unknown email and a wrong password are one answer', async () => {
    const ada = await world.person()
    const wrong = await world.ask('POST', '/login', { email: ada.email, password: 'wrongPassword' })
    const unknown = await world.ask('POST', '/login', {
      email: 'nobody@domain.yup',
      password: 'wrongPassword',
    })
    expect(refused(wrong, 'invalid_credentials')).toBe(401)
    expect(unknown.body).toEqual(wrong.body)
    expect(Object.keys(unknown.headers)).toEqual(Object.keys(wrong.headers))
  })

  test('a token is taken bare and after Bearer, and nothing else is one', async () => {
    const { token } = await world.person()
    for (const good of [token, `Bearer ${token}`, `bearer   ${token}`, `BEARER ${token} `]) {
      expect((await world.ask('GET', '/get_user', undefined, good)).status).toBe(200)
    }
    for (const bad of [
      '',
      'Bearer',
      'Bearer ',
      `Basic ${token}`,
      `${token}x`,
      `${token} ${token}`,
      'null',
      '..',
    ]) {
      const answer = await world.ask('GET', '/get_user', undefined, bad || ' ')
      expect(refused(answer, 'invalid_token')).toBe(401)
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
    expect(refused(await world.ask('GET', '/get_user'), 'invalid_token')).toBe(401)
  })

  test('401 wins over what is wrong with the body', async () => {
    for (const token of [undefined, 'nonsense']) {
      const answer = await world.ask('POST', '/add_contact', { nonsense: true }, token)
      expect(refused(answer, 'invalid_token')).toBe(401)
    }
    expect(refused(await world.ask('PUT', '/put_password', { nonsense: true }), 'invalid_token')).toBe(401)
  })

  test('logout ends one session, logout_everywhere all', async () => {
    const { ask } = world
    const ada = await world.person()
    const { email, password } = ada
    const other = (await ask('POST', '/login', { email, password })).body.token
    const third = (await ask('POST', '/login', { email, password })).body.token
    expect((await ask('POST', '/logout', undefined, ada.token)).status).toBe(204)
    expect(refused(await ask('GET', '/get_user', undefined, ada.token), 'invalid_token')).toBe(401)
    expect((await ask('GET', '/get_user', undefined, other)).status).toBe(200)
    expect((await ask('POST', '/logout_everywhere', {}, other)).status).toBe(204)
    for (const dead of [other, third])
      expect((await ask('GET', '/get_user', undefined, dead)).status).toBe(401)
  })
})

describe('passwords', () => {
  test('changing one wants the right one before and a strong one after', async () => {
    const ada = await world.person()
    const change = (current_password: string, new_password: string) =>
      world.ask('PUT', '/change_password', { current_password, new_password }, ada.token)
    expect(refused(await change('wrongPassword', 'betterPassword123'), 'invalid_credentials')).toBe(401)
    expect(refused(await change(ada.password, 'short'), 'weak_password')).toBe(400)
    expect((await change(ada.password, 'betterPassword123')).status).toBe(204)
    expect((await world.ask('GET', '/get_user', undefined, ada.token)).status).toBe(200)
  })

  test('a wrong code, a wrong account, a wrong token', async () => {
    const { ask, node } = world
    const [ada, bob] = [await world.person(), await world.person()]
    const issued = await node.resetCodes.issue(ada.email)
    const verify = (email: string, verify_code: string) =>
      ask('GET', '/verify_reset_password_code', { email, verify_code })
    expect(refused(await verify(ada.email, 'EXAMPLE123'), 'invalid_code')).toBe(400)
    expect(refused(await verify('nobody@domain.yup', 'EXAMPLE123'), 'invalid_code')).toBe(400)
    const { body } = await verify(ada.email, issued?.code ?? '')
    const put = (email: string, new_password: string, token = body.token) =>
      ask('PUT', '/put_password', { email, new_password }, token)
    expect(refused(await put(bob.email, 'betterPassword123'), 'wrong_account')).toBe(403)
    expect(refused(await put(ada.email, 'short'), 'weak_password')).toBe(400)
    expect(refused(await put(ada.email, 'betterPassword123', ada.token), 'invalid_token')).toBe(401)
    expect(refused(await ask('GET', '/get_user', undefined, body.token), 'invalid_token')).toBe(401)
    expect((await put(ada.email, 'betterPassword123')).status).toBe(204)
    expect(refused(await put(ada.email, 'betterPassword124'), 'invalid_token')).toBe(401)
  })
})

describe('contacts and blocks', () => {
  test('each refusal has its name', async () => {
    const { ask } = world
    const [ada, bob] = [await world.person(), await world.person()]
    const add = (contact_phonenumber: string) =>
      ask('POST', '/add_contact', { contact_phonenumber }, ada.token)
    expect(refused(await add('999000999'), 'user_not_found')).toBe(404)
    expect(refused(await add(ada.phone_number), 'cannot_add_self')).toBe(400)
    expect((await add(bob.phone_number)).status).toBe(201)
    expect(refused(await add(bob.phone_number), 'contact_exists')).toBe(409)
    expect(refused(await add('+'), 'invalid_request')).toBe(400)
    const remove = await ask('DELETE', '/delete_contact', { contact_phonenumber: '999000999' }, ada.token)
    expect(refused(remove, 'contact_not_found')).toBe(404)
    const self = await ask('PUT', '/block_number', { phone_number: ada.phone_number }, ada.token)
    expect(refused(self, 'invalid_request')).toBe(400)
    expect(self.body.errors).toEqual([{ path: '/phone_number', message: 'must not be your own number' }])
  })

  test('blocking and unblocking, as often as you like', async () => {
    const { ask } = world
    const ada = await world.person()
    const body = { phone_number: '+999-000-998' }
    for (let i = 0; i < 2; i++) expect((await ask('PUT', '/block_number', body, ada.token)).status).toBe(204)
    const listed = await ask('GET', '/get_blocked', undefined, ada.token)
    expect([listed.status, listed.body]).toEqual([200, { blocked: ['999000998'] }])
    for (let i = 0; i < 2; i++)
      expect((await ask('DELETE', '/unblock_number', body, ada.token)).status).toBe(204)
  })
})
