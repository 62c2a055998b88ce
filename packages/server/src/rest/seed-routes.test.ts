import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RestWorld, restWorld } from './testing.js'

let world: RestWorld
beforeAll(async () => {
  world = await restWorld()
})
afterAll(() => world.close())

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const aToken = {
  token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  expires_at: expect.stringMatching(instant),
}

test('every route of the seed works as written there', async () => {
  const { ask, node } = world
  const ada = {
    firstname: 'First',
    lastname: 'Last',
    phone_number: '1234567890',
    email: 'somenice@domain.yup',
    password: 'SuperSecure',
  }
  const { password: _, ...shown } = ada
  const bob = { ...ada, phone_number: '1212121212', email: 'other@domain.yup', lastname: 'Other' }
  expect(await ask('POST', '/create_user', ada)).toMatchObject({ status: 201, body: shown })
  expect((await ask('POST', '/create_user', bob)).status).toBe(201)

  const login = await ask('POST', '/login', { email: ada.email, password: ada.password })
  expect(login).toMatchObject({ status: 200, body: aToken })
  const renewed = await ask('GET', '/authenticate', {}, login.body.token)
  expect(renewed).toMatchObject({ status: 200, body: aToken })
  const { token } = renewed.body

  const added = await ask('POST', '/add_contact', { contact_phonenumber: '1212121212' }, token)
  const contact = {
    firstname: 'First',
    lastname: 'Other',
    username: 'First Other',
    email: 'other@domain.yup',
    phone_number: '1212121212',
  }
  expect([added.status, added.body]).toEqual([201, contact])
  const user = await ask('GET', '/get_user', {}, token)
  expect([user.status, user.body]).toEqual([200, shown])
  const contacts = await ask('GET', '/get_contacts', {}, token)
  expect([contacts.status, contacts.body]).toEqual([200, { contacts: [contact], next_cursor: null }])
  const deleted = await ask('DELETE', '/delete_contact', { contact_phonenumber: '1212121212' }, token)
  expect([deleted.status, deleted.body]).toEqual([204, undefined])

  const firstname = await ask('PUT', '/put_firstname', { firstname: 'aNewFirstname' }, token)
  expect([firstname.status, firstname.body]).toEqual([200, { ...shown, firstname: 'aNewFirstname' }])
  const lastname = await ask('PUT', '/put_lastname', { lastname: 'aNewLastname' }, token)
  expect(lastname.body).toMatchObject({ firstname: 'aNewFirstname', lastname: 'aNewLastname' })
  const number = await ask('PUT', '/put_phonenumber', { phonenumber: '1313131313' }, token)
  expect([number.status, number.body.phone_number]).toEqual([200, '1313131313'])

  const asked = await ask('GET', '/get_reset_password_code', { email: ada.email })
  expect([asked.status, node.notices.length, node.wishes]).toEqual([202, 0, [ada.email]])
  const issued = await node.resetCodes.issue(ada.email)
  const verified = await ask('GET', '/verify_reset_password_code', {
    email: ada.email,
    verify_code: issued?.code ?? '',
  })
  expect(verified).toMatchObject({ status: 200, body: aToken })
  const reset = await ask(
    'PUT',
    '/put_password',
    { email: ada.email, new_password: 'betterPassword123' },
    verified.body.token,
  )
  expect(reset.status).toBe(204)
  expect((await ask('GET', '/get_user', {}, token)).status).toBe(401)
  expect((await ask('POST', '/login', { email: ada.email, password: 'betterPassword123' })).status).toBe(200)
})

test('browsers ask for a code by POST', async () => {
  const { email } = await world.person()
  expect(await world.ask('POST', '/get_reset_password_code', { email })).toMatchObject({
    status: 202,
    body: {},
  })
  const issued = await world.node.resetCodes.issue(email)
  const verified = await world.ask('POST', '/verify_reset_password_code', {
    email,
    verify_code: issued?.code ?? '',
  })
  expect(verified).toMatchObject({ status: 200, body: aToken })
})
