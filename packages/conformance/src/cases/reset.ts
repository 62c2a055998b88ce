import { anInstant, aText, expectEqual, expectInvalid, expectProblem, expectStatus } from '../check/expect.js'
import { freshPassword, type Member } from '../people/member.js'
import { casesOf } from '../run/case.js'
import type { Target } from '../run/target.js'
import type { Trial } from '../run/trial.js'
import { Unexpected } from '../wire/unexpected.js'
import { eventually, expectClosed, expectDead } from './scenes.js'

const askFor = (t: Trial, email: string, method = 'GET') =>
  t.rest(method, '/get_reset_password_code', { body: { email } })
const redeem = (t: Trial, email: string, verify_code: string, method = 'GET') =>
  t.rest(method, '/verify_reset_password_code', { body: { email, verify_code } })
const put = (t: Trial, token: string, email: string, new_password: string) =>
  t.rest('PUT', '/put_password', { token, body: { email, new_password } })

const noMailbox = ({ mailboxUrl }: Target) =>
  mailboxUrl === undefined ? 'mail cannot be seen from outside: --mailbox-url' : undefined
const withMail = { cannot: noMailbox, timeoutSeconds: 90 }

/** Ten symbols that stand alone. */
const code = /(?<![A-Za-z0-9@.])[A-Z0-9]{10}(?![A-Za-z0-9@.])/

/** The code of the newest mail to an address, other than the one before. */
async function codeFor(t: Trial, email: string, before = ''): Promise<string> {
  const url = (t.target.mailboxUrl ?? '').replaceAll('{email}', encodeURIComponent(email))
  const read = async () => {
    const mails = await fetch(url).then(answer => (answer.ok ? answer.text() : ''))
    return mails.match(new RegExp(code, 'g'))?.find(each => each !== before) ?? ''
  }
  const found = await eventually('a mail with a code', read, each => each !== '', 20_000)
  t.secret(found, 'code')
  return found
}

async function resetToken(t: Trial, { email }: Member): Promise<string> {
  expectStatus(await askFor(t, email), 202)
  const { status, body, text } = await redeem(t, email, await codeFor(t, email))
  if (status !== 200) throw new Unexpected('200', `${status} ${text}`)
  t.secret(String(body.token), 'reset token')
  return String(body.token)
}

export const reset = casesOf('reset', [
  [
    'asked-for',
    '2',
    'get_reset_password_code answers 202 in the same words, account or not, by GET and by POST',
    async t => {
      const { email } = await t.person()
      for (const method of ['GET', 'POST']) {
        const [known, unknown] = [await askFor(t, email, method), await askFor(t, t.nobody().email, method)]
        expectStatus(known, 202)
        expectStatus(unknown, 202)
        expectEqual('the answer to a stranger', unknown.text, known.text)
      }
    },
  ],
  [
    'wrong-code',
    '2',
    'A wrong code is invalid_code, account or not, by GET and by POST',
    async t => {
      const { email } = await t.person()
      expectStatus(await askFor(t, email), 202)
      for (const method of ['GET', 'POST']) {
        const wrong = await redeem(t, email, 'EXAMPLE123', method)
        expectProblem(wrong, 400, 'invalid_code')
        const unknown = await redeem(t, t.nobody().email, 'EXAMPLE123', method)
        expectEqual('the answer to a stranger', unknown.body, wrong.body)
      }
    },
  ],
  [
    'bad-input',
    '2',
    'A body without its members is bad input',
    async t => {
      expectInvalid(await t.rest('GET', '/get_reset_password_code', { body: {} }))
      expectInvalid(await t.rest('GET', '/verify_reset_password_code', { body: { email: 'a@b.cd' } }))
    },
  ],
  [
    'by-mail',
    '2',
    'A code by mail gives a reset token, which sets a password, ends every login and is spent',
    async t => {
      const device = await t.device()
      const ada = device.account
      expectStatus(await askFor(t, ada.email), 202)
      const redeemed = await redeem(t, ada.email.toUpperCase(), await codeFor(t, ada.email))
      expectStatus(redeemed, 200)
      expectEqual('the answer', redeemed.body, { token: aText, expires_at: anInstant })
      const token = String(redeemed.body.token)
      t.secret(token, 'reset token')
      const fresh = freshPassword()
      t.secret(fresh, 'new password')
      expectProblem(await put(t, token, t.nobody().email, fresh), 403, 'wrong_account')
      expectProblem(await put(t, token, ada.email, 'password'), 400, 'weak_password')
      expectStatus(await put(t, token, ada.email, fresh), 204)
      const old = ada.password
      ada.password = fresh
      await expectClosed(device.closed, 2_000, 4403)
      await expectDead(t, ada.token)
      expectProblem(await put(t, token, ada.email, fresh), 401, 'invalid_token')
      const login = (password: string) => t.rest('POST', '/login', { body: { email: ada.email, password } })
      expectProblem(await login(old), 401, 'invalid_credentials')
      expectStatus(await login(fresh), 200)
    },
    withMail,
  ],
  [
    'code-once',
    '2',
    'A code is good once, however many come with it at once',
    async t => {
      const { email } = await t.person()
      expectStatus(await askFor(t, email), 202)
      const sent = await codeFor(t, email)
      const answers = await Promise.all([1, 2, 3].map(() => redeem(t, email, sent)))
      expectEqual('the answers', answers.map(({ status }) => status).toSorted(), [200, 400, 400])
    },
    withMail,
  ],
  [
    'token-for-nothing-else',
    '2',
    'A reset token opens nothing but put_password',
    async t => {
      const ada = await t.person()
      const token = await resetToken(t, ada)
      for (const path of ['/get_user', '/authenticate', '/get_contacts'])
        expectProblem(await t.rest('GET', path, { token }), 401, 'invalid_token')
      const socket = await t.socket()
      socket.send({ REASON: 'connect', TOKEN: token })
      await expectClosed(socket.closed, 3_000, 4401)
    },
    withMail,
  ],
])
