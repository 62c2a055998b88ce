import { describe, expect, it } from 'vitest'
import { expectClosed, expectInvalid, expectNothing, expectProblem } from '../expectations.js'
import type { Account } from '../people.js'
import { running } from '../running.js'

const server = running()

describe('sessions that end', () => {
  const stands = async ({ token }: Account) =>
    (await server.rest('GET', '/get_user', { token })).status === 200

  it('logout kills this session and closes its sockets alone', async () => {
    const phone = await server.join()
    const laptop = await server.again(phone)
    const [onPhone, onLaptop] = [await server.device(phone), await server.device(laptop)]
    expect((await server.rest('POST', '/logout', { token: phone.token })).status).toBe(204)
    await expectClosed(onPhone, 4403)
    expect(await stands(phone)).toBe(false)
    expect(await stands(laptop)).toBe(true)
    await expectNothing(onLaptop)
    await expect(server.device(phone)).rejects.toThrow(/4401/)
  })

  it('logout_everywhere kills them all', async () => {
    const phone = await server.join()
    const laptop = await server.again(phone)
    const devices = [await server.device(phone), await server.device(laptop)]
    expect((await server.rest('POST', '/logout_everywhere', { token: phone.token })).status).toBe(204)
    for (const device of devices) await expectClosed(device, 4403)
    expect([await stands(phone), await stands(laptop)]).toEqual([false, false])
    expect(await stands(await server.again(phone))).toBe(true)
  })

  it('change_password kills every other session', async () => {
    const phone = await server.join()
    const laptop = await server.again(phone)
    const [onPhone, onLaptop] = [await server.device(phone), await server.device(laptop)]
    const change = (current_password: string, new_password: string) =>
      server.rest('PUT', '/change_password', {
        token: phone.token,
        body: { current_password, new_password },
      })
    expectProblem(await change('Not The Password 1', 'betterPassword123'), 401, 'invalid_credentials')
    expectProblem(await change(phone.password, 'password'), 400, 'weak_password')
    expectProblem(await change(phone.password, phone.email), 400, 'weak_password')
    expect(await stands(laptop)).toBe(true)
    expect((await change(phone.password, 'betterPassword123')).status).toBe(204)
    await expectClosed(onLaptop, 4403)
    expect([await stands(phone), await stands(laptop)]).toEqual([true, false])
    await expectNothing(onPhone)
    const login = (password: string) =>
      server.rest('POST', '/login', { body: { email: phone.email, password } })
    expect((await login(phone.password)).status).toBe(401)
    expect((await login('betterPassword123')).status).toBe(200)
  })

  it('a dead session cannot be resumed', async () => {
    const account = await server.join()
    const device = await server.device(account)
    await device.drop()
    await server.rest('POST', '/logout', { token: account.token })
    await expect(device.resume()).rejects.toThrow(/4401/)
  })

  it('the other party learns that a call with a dead session is over', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    const [caller, callee] = [await server.device(ada), await server.device(ben)]
    caller.call(ben.phone_number)
    await callee.next('call')
    callee.accept(ada.phone_number)
    await caller.until('the answer', frame => frame.REASON === 'callResponse')
    await server.rest('POST', '/logout', { token: ada.token })
    await expectClosed(caller, 4403)
    expect(await callee.next('HangUp')).toMatchObject({ SENDER_PHONE_NUMBER: ada.phone_number })
  })
})

describe('the end of an account', () => {
  it('delete_user wants the password', async () => {
    const { token } = await server.join()
    const remove = (body: object) => server.rest('DELETE', '/delete_user', { token, body })
    expectProblem(await remove({ password: 'Not The Password 1' }), 401, 'invalid_credentials')
    expectInvalid(await remove({}))
    expect((await server.rest('GET', '/get_user', { token })).status).toBe(200)
  })

  it('leaves nothing: user, contacts, sessions, history, sockets', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    const [onAda, onBen] = [await server.device(ada), await server.device(ben)]
    const contact = { contact_phonenumber: ada.phone_number }
    await server.rest('POST', '/add_contact', { token: ben.token, body: contact })
    onAda.call(ben.phone_number)
    await onBen.next('call')
    onBen.deny(ada.phone_number)
    await onAda.until('the denial', frame => frame.REASON === 'callResponse')

    const removed = await server.rest('DELETE', '/delete_user', {
      token: ada.token,
      body: { password: ada.password },
    })
    expect(removed.status).toBe(204)
    await expectClosed(onAda, 4403)
    expectProblem(await server.rest('GET', '/get_user', { token: ada.token }), 401, 'invalid_token')
    const login = { email: ada.email, password: ada.password }
    expectProblem(await server.rest('POST', '/login', { body: login }), 401, 'invalid_credentials')

    const contacts = await server.rest('GET', '/get_contacts', { token: ben.token })
    expect(contacts.body.contacts).toEqual([])
    const history = await server.rest('GET', '/get_call_history', { token: ben.token })
    expect(history.text).not.toContain(ada.phone_number)
    const exported = await server.rest('GET', '/export_user', { token: ben.token })
    expect(exported.text).not.toContain(ada.phone_number)

    onBen.call(ada.phone_number)
    expect(await onBen.next('HangUp')).toMatchObject({ CAUSE: 'unavailable' })
    const { token: _, ...person } = ada
    const again = await server.rest('POST', '/create_user', { body: person })
    expect(again.status).toBe(201)
    const fresh = await server.again(ada)
    const calls = await server.rest('GET', '/get_call_history', { token: fresh.token })
    expect(calls.body.calls).toEqual([])
  })

  it('export_user gives everything stored, and no secret', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    const { token } = ada
    await server.rest('POST', '/add_contact', { token, body: { contact_phonenumber: ben.phone_number } })
    await server.rest('PUT', '/block_number', { token, body: { phone_number: '1313131313' } })
    const response = await server.rest('GET', '/export_user', { token })
    expect(response.status).toBe(200)
    for (const text of [ada.firstname, ada.email, ada.phone_number, ben.phone_number, '1313131313']) {
      expect(response.text).toContain(text)
    }
    expect(response.text).not.toMatch(/argon2|password_hash/)
    expect(response.text).not.toContain(token)
    expect(response.headers['cache-control']).toContain('no-store')
  })
})
