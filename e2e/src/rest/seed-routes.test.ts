import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { running } from '../running.js'

// The thirteen routes in the seed's order, its bodies word for word. One story: each step leans on those before it.
describe("the seed's REST routes, as written", () => {
  let mailbox: Mailbox
  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(() => mailbox.close())
  const server = running({
    env: () => ({ SMTP_URL: mailbox.url, MAIL_FROM: 'switchboard@example.org' }),
  })
  let token = ''
  let resetToken = ''

  it('POST /create_user', async () => {
    const response = await server.rest('POST', '/create_user', {
      body: {
        firstname: 'First',
        lastname: 'Last',
        phone_number: '1234567890',
        email: 'somenice@domain.yup',
        password: 'SuperSecure',
      },
    })
    expect(response.status).toBe(201)
    expect(response.body).toEqual({
      firstname: 'First',
      lastname: 'Last',
      phone_number: '1234567890',
      email: 'somenice@domain.yup',
    })
    const other = await server.rest('POST', '/create_user', {
      body: {
        firstname: 'Second',
        lastname: 'Person',
        phone_number: '1212121212',
        email: 'other@domain.yup',
        password: 'SuperSecure',
      },
    })
    expect(other.status).toBe(201)
  })

  it('POST /login', async () => {
    const response = await server.rest('POST', '/login', {
      body: { email: 'somenice@domain.yup', password: 'SuperSecure' },
    })
    expect(response.status).toBe(200)
    expect(response.body).toEqual({ token: expect.any(String), expires_at: expect.any(String) })
    expect(new Date(String(response.body.expires_at)).getTime()).toBeGreaterThan(Date.now())
    token = String(response.body.token)
    server.secret(token)
  })

  it('GET /authenticate', async () => {
    const response = await server.rest('GET', '/authenticate', { token, body: {} })
    expect(response.status).toBe(200)
    expect(response.body).toEqual({ token: expect.any(String), expires_at: expect.any(String) })
    token = String(response.body.token)
    server.secret(token)
  })

  it('POST /add_contact', async () => {
    const response = await server.rest('POST', '/add_contact', {
      token,
      body: { contact_phonenumber: '1212121212' },
    })
    expect(response.status).toBe(201)
    expect(response.body).toEqual({
      firstname: 'Second',
      lastname: 'Person',
      username: 'Second Person',
      email: 'other@domain.yup',
      phone_number: '1212121212',
    })
  })

  it('GET /get_user', async () => {
    const response = await server.rest('GET', '/get_user', { token, body: {} })
    expect(response.status).toBe(200)
    expect(response.body).toEqual({
      firstname: 'First',
      lastname: 'Last',
      phone_number: '1234567890',
      email: 'somenice@domain.yup',
    })
  })

  it('GET /get_contacts', async () => {
    const response = await server.rest('GET', '/get_contacts', { token, body: {} })
    expect(response.status).toBe(200)
    expect(response.body).toEqual({
      contacts: [
        {
          firstname: 'Second',
          lastname: 'Person',
          username: 'Second Person',
          email: 'other@domain.yup',
          phone_number: '1212121212',
        },
      ],
      next_cursor: null,
    })
  })

  it('DELETE /delete_contact', async () => {
    const response = await server.rest('DELETE', '/delete_contact', {
      token,
      body: { contact_phonenumber: '1212121212' },
    })
    expect(response.status).toBe(204)
    expect(response.text).toBe('')
    const left = await server.rest('GET', '/get_contacts', { token, body: {} })
    expect(left.body.contacts).toEqual([])
  })

  it('PUT /put_firstname', async () => {
    const response = await server.rest('PUT', '/put_firstname', {
      token,
      body: { firstname: 'aNewFirstname' },
    })
    expect(response.status).toBe(200)
    expect(response.body).toMatchObject({ firstname: 'aNewFirstname', lastname: 'Last' })
  })

  it('PUT /put_lastname', async () => {
    const response = await server.rest('PUT', '/put_lastname', { token, body: { lastname: 'aNewLastname' } })
    expect(response.status).toBe(200)
    expect(response.body).toMatchObject({ firstname: 'aNewFirstname', lastname: 'aNewLastname' })
  })

  it('PUT /put_phonenumber', async () => {
    const response = await server.rest('PUT', '/put_phonenumber', {
      token,
      body: { phonenumber: '1313131313' },
    })
    expect(response.status).toBe(200)
    expect(response.body).toEqual({
      firstname: 'aNewFirstname',
      lastname: 'aNewLastname',
      phone_number: '1313131313',
      email: 'somenice@domain.yup',
    })
  })

  it('GET /get_reset_password_code', async () => {
    const response = await server.rest('GET', '/get_reset_password_code', {
      body: { email: 'somenice@domain.yup' },
    })
    expect(response.status).toBe(202)
  })

  it('GET /verify_reset_password_code', async () => {
    const wrong = await server.rest('GET', '/verify_reset_password_code', {
      body: { email: 'somenice@domain.yup', verify_code: 'EXAMPLE123' },
    })
    expect({ status: wrong.status, code: wrong.body.code }).toEqual({ status: 400, code: 'invalid_code' })

    const code = await mailbox.code('somenice@domain.yup')
    const response = await server.rest('GET', '/verify_reset_password_code', {
      body: { email: 'somenice@domain.yup', verify_code: code },
    })
    expect(response.status).toBe(200)
    expect(response.body).toEqual({ token: expect.any(String), expires_at: expect.any(String) })
    resetToken = String(response.body.token)
    server.secret(resetToken)
  })

  it('PUT /put_password', async () => {
    const response = await server.rest('PUT', '/put_password', {
      token: resetToken,
      body: { email: 'somenice@domain.yup', new_password: 'betterPassword123' },
    })
    expect(response.status).toBe(204)
    const body = { email: 'somenice@domain.yup', password: 'betterPassword123' }
    expect((await server.rest('POST', '/login', { body })).status).toBe(200)
    const old = { email: 'somenice@domain.yup', password: 'SuperSecure' }
    expect((await server.rest('POST', '/login', { body: old })).status).toBe(401)
  })
})
