import {
  anInstant,
  aText,
  expectEqual,
  expectInvalid,
  expectLike,
  expectProblem,
  expectStatus,
  expectTrue,
} from '../check/expect.js'
import { freshPassword } from '../people/member.js'
import { casesOf } from '../run/case.js'
import { passwordFor } from './numbers.js'
import {
  expectClosed,
  expectDead,
  expectEnd,
  expectNoConnection,
  expectNothing,
  isReason,
  phones,
  ring,
} from './scenes.js'

export const accounts = casesOf('accounts', [
  [
    'create',
    '2',
    'create_user answers 201 with the user, and no secret',
    async t => {
      const who = t.nobody()
      const { password: _, ...user } = who
      const created = await t.rest('POST', '/create_user', { body: who })
      expectStatus(created, 201)
      expectEqual('the user', created.body, user)
    },
  ],
  [
    'create-taken',
    '2',
    'A taken number and a taken email get the same 409 already_registered',
    async t => {
      const { email, phone_number } = await t.person()
      const byNumber = await t.rest('POST', '/create_user', { body: t.nobody({ phone_number }) })
      const byEmail = await t.rest('POST', '/create_user', { body: t.nobody({ email }) })
      expectProblem(byNumber, 409, 'already_registered')
      expectEqual('the answer to a taken email', byEmail.body, byNumber.body)
    },
  ],
  [
    'login',
    '2',
    'login answers 200 with a token and when it expires',
    async t => {
      const { email, password } = await t.person()
      const { body } = await t.rest('POST', '/login', { body: { email, password } })
      expectEqual('the answer', body, { token: aText, expires_at: anInstant })
      const expires = Date.parse(String(body.expires_at))
      expectTrue('a moment to come', expires > Date.now(), body.expires_at)
    },
  ],
  [
    'login-refused',
    '2',
    'An unknown email and a wrong password get the same 401 invalid_credentials',
    async t => {
      const { email } = await t.person()
      const login = (who: string) =>
        t.rest('POST', '/login', { body: { email: who, password: 'Not The Password 1' } })
      const [wrong, unknown] = [await login(email), await login(t.nobody().email)]
      expectProblem(wrong, 401, 'invalid_credentials')
      expectEqual('the answer to an unknown email', unknown.body, wrong.body)
    },
  ],
  [
    'get-user',
    '2',
    'get_user answers the name, number and email',
    async t => {
      const { token, firstname, lastname, phone_number, email } = await t.person()
      const { body } = await t.rest('GET', '/get_user', { token })
      expectEqual('the user', body, { firstname, lastname, phone_number, email })
    },
  ],
  [
    'put-names',
    '2',
    'put_firstname and put_lastname answer the user, changed',
    async t => {
      const { token } = await t.person()
      const first = await t.rest('PUT', '/put_firstname', { token, body: { firstname: 'aNewFirstname' } })
      expectLike('the user', first.body, { firstname: 'aNewFirstname', lastname: 'Lindqvist' })
      const last = await t.rest('PUT', '/put_lastname', { token, body: { lastname: 'aNewLastname' } })
      expectLike('the user', last.body, { firstname: 'aNewFirstname', lastname: 'aNewLastname' })
      expectEqual('get_user', (await t.rest('GET', '/get_user', { token })).body, last.body)
    },
  ],
  [
    'put-phonenumber',
    '2',
    'After put_phonenumber live sockets answer to the new number at once, the old one is unreachable',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const [old, phonenumber, { token }] = [callee.number, t.number(), callee.account]
      const body = { phonenumber, ...passwordFor(t.target, callee.account) }
      const changed = await t.rest('PUT', '/put_phonenumber', { token, body })
      expectStatus(changed, 200)
      callee.account.phone_number = String(changed.body.phone_number)
      caller.call(old)
      expectLike('the end', await caller.next('HangUp'), { CAUSE: 'unavailable', SENDER_PHONE_NUMBER: old })
      await ring(caller, callee)
      callee.accept(caller.number)
      const answer = await caller.until('the answer', isReason('callResponse'))
      expectLike('the answer', answer, { SENDER_PHONE_NUMBER: phonenumber })
    },
  ],
  [
    'change-password',
    '2',
    'change_password kills every other login of the user; the old password is dead',
    async t => {
      const [phone] = await phones(t, 1)
      const ada = phone.account
      const laptop = await t.device(await t.again(ada))
      const change = (current_password: string, new_password: string) =>
        t.rest('PUT', '/change_password', { token: ada.token, body: { current_password, new_password } })
      const [old, fresh] = [ada.password, freshPassword()]
      expectProblem(await change('Not The Password 1', fresh), 401, 'invalid_credentials')
      expectProblem(await change(old, 'password'), 400, 'weak_password')
      t.secret(fresh, 'new password')
      expectStatus(await change(old, fresh), 204)
      ada.password = fresh
      await expectClosed(laptop.closed, 2_000, 4403)
      await expectDead(t, laptop.account.token)
      expectStatus(await t.rest('GET', '/get_user', { token: ada.token }), 200)
      await expectNothing(phone)
      const login = (password: string) => t.rest('POST', '/login', { body: { email: ada.email, password } })
      expectProblem(await login(old), 401, 'invalid_credentials')
      expectStatus(await login(fresh), 200)
    },
  ],
  [
    'logout',
    '2',
    'logout ends this login alone: its token is dead, its sockets are closed with 4403 within a second',
    async t => {
      const [phone] = await phones(t, 1)
      const laptop = await t.device(await t.again(phone.account))
      const { token } = phone.account
      expectStatus(await t.rest('POST', '/logout', { token }), 204)
      await expectClosed(phone.closed, 2_000, 4403)
      await expectDead(t, token)
      await expectNoConnection(t.device(phone.account), 4401)
      expectStatus(await t.rest('GET', '/get_user', { token: laptop.account.token }), 200)
      await expectNothing(laptop)
    },
  ],
  [
    'logout-everywhere',
    '2',
    'logout_everywhere ends every login of the user',
    async t => {
      const [phone] = await phones(t, 1)
      const laptop = await t.device(await t.again(phone.account))
      const { token } = phone.account
      expectStatus(await t.rest('POST', '/logout_everywhere', { token }), 204)
      for (const device of [phone, laptop]) {
        await expectClosed(device.closed, 2_000, 4403)
        await expectDead(t, device.account.token)
      }
    },
  ],
  [
    'logout-ends-calls',
    '2',
    'Who talks to somebody that logs out learns that the call is over',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await ring(caller, callee)
      callee.accept(caller.number)
      await caller.next('callResponse')
      expectStatus(await t.rest('POST', '/logout', { token: caller.account.token }), 204)
      const end = await callee.next('HangUp')
      expectLike('the end', end, { CALL_ID, SENDER_PHONE_NUMBER: caller.number })
    },
  ],
  [
    'delete',
    '2',
    'delete_user leaves nothing: user, login, contacts, history, sockets',
    async t => {
      const [onAda, onBen] = await phones(t, 2)
      const [ada, ben] = [onAda.account, onBen.account]
      await t.befriend(ada, ben)
      await ring(onAda, onBen)
      onBen.deny(ada.phone_number)
      await onAda.next('callResponse')
      const remove = (body: object) => t.rest('DELETE', '/delete_user', { token: ada.token, body })
      expectProblem(await remove({ password: 'Not The Password 1' }), 401, 'invalid_credentials')
      expectInvalid(await remove({}))
      expectStatus(await remove({ password: ada.password }), 204)
      await expectClosed(onAda.closed, 2_000, 4403)
      await expectDead(t, ada.token)
      const credentials = { email: ada.email, password: ada.password }
      expectProblem(await t.rest('POST', '/login', { body: credentials }), 401, 'invalid_credentials')
      for (const path of ['/get_contacts', '/get_call_history', '/export_user']) {
        const { text } = await t.rest('GET', path, { token: ben.token })
        expectTrue(`nothing of the deleted in ${path}`, !text.includes(ada.phone_number), text)
      }
      onBen.call(ada.phone_number)
      await expectEnd(onBen, 'unavailable')
    },
  ],
  [
    'export',
    '2',
    'export_user gives everything stored about the user, and no secret',
    async t => {
      const [ada, ben] = [await t.person(), await t.person()]
      const { token } = ada
      await t.befriend(ada, ben)
      const phone_number = t.number()
      await t.rest('PUT', '/block_number', { token, body: { phone_number } })
      const { text, status } = await t.rest('GET', '/export_user', { token })
      expectEqual('the status', status, 200)
      for (const part of [ada.firstname, ada.email, ada.phone_number, ben.phone_number, phone_number]) {
        expectTrue(`${part} in the export`, text.includes(part), text)
      }
      for (const secret of [token, ada.password, 'argon2']) {
        expectTrue('no secret in the export', !text.includes(secret), 'one')
      }
    },
  ],
  [
    'turn',
    '2',
    'get_turn_credentials answers servers and how long they are good for; no user name has the number in it',
    async t => {
      const { token, phone_number } = await t.person()
      const { body, text, status } = await t.rest('GET', '/get_turn_credentials', { token })
      expectEqual('the status', status, 200)
      expectTrue('ice_servers and ttl', Array.isArray(body.ice_servers) && typeof body.ttl === 'number', body)
      expectTrue('no phone number in it', !text.includes(phone_number), 'the number')
    },
  ],
])
