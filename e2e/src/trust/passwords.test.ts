import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../expectations.js'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { person } from '../people.js'
import { freshPassword } from './fresh-password.js'
import { guarded } from './guarded.js'
import { atOnce, statuses } from './refusals.js'

/** Of every published list of the commonest, those of eight characters and more. */
const common = [
  'password',
  'password1',
  'password123',
  'Password1',
  'PASSWORD',
  '12345678',
  '123456789',
  '1234567890',
  '87654321',
  '11111111',
  'qwertyuiop',
  'qwerty123',
  '1q2w3e4r',
  '1q2w3e4r5t',
  '1qaz2wsx',
  'iloveyou',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'trustno1',
  'starwars',
  'whatever',
  'michelle',
  'jennifer',
  'computer',
  'internet',
  'corvette',
  'mercedes',
  'asdfghjkl',
  'zxcvbnm1',
  'abcd1234',
  'a1b2c3d4',
  'liverpool',
  'manchester',
  'switchboard',
]

/** argon2id of "Kestrel of long ago" with 4 MiB and one pass. */
const weakHash =
  '$argon2id$v=19$m=4096,t=1,p=1$NIr5N4sZcl2X/VSqDPg0Jw$jsFi+mK5XtTIodgFkUojaFpAOzy0qt7yb0M4WHi7eVA'

describe('passwords', () => {
  let mailbox: Mailbox
  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(() => mailbox.close())
  const { server, client, join, database } = guarded({ env: () => ({ SMTP_URL: mailbox.url }) })

  async function resetToken(email: string, nth = 1) {
    const { rest } = client()
    expect((await rest('GET', '/get_reset_password_code', { body: { email } })).status).toBe(202)
    const verify_code = await mailbox.code(email, nth)
    const { body } = await rest('GET', '/verify_reset_password_code', { body: { email, verify_code } })
    for (const secret of [verify_code, String(body.token)]) server.secret(secret)
    return String(body.token)
  }

  it('the commonest are refused at registration', async () => {
    for (const password of common) {
      const answer = await client().rest('POST', '/create_user', { body: person({ password }) })
      expect([password, answer.body.code]).toEqual([password, 'weak_password'])
    }
  })

  it('the commonest and one’s own are refused by change and by reset, which leave the old one standing', async () => {
    const account = await join()
    const { token, email, password, phone_number } = account
    const own = [email, phone_number, `${account.firstname}${account.lastname}`]
    const reset = await resetToken(email)
    const { rest } = client()
    for (const new_password of [...common, ...own]) {
      const change = await rest('PUT', '/change_password', {
        token,
        body: { current_password: password, new_password },
      })
      expect([new_password, change.body.code]).toEqual([new_password, 'weak_password'])
      const put = await rest('PUT', '/put_password', { token: reset, body: { email, new_password } })
      expect([new_password, put.body.code]).toEqual([new_password, 'weak_password'])
    }
    await client().login(account)
    expect(mailbox.mails.filter(({ to }) => to?.[0]?.address === email)).toHaveLength(1)
  })

  it('a hash made with less than today’s parameters is made anew at a login', async () => {
    const { email } = await join()
    const { query } = await database()
    const stored = async () =>
      String((await query('select password_hash from users where email = $1', [email]))[0]?.password_hash)
    await query('update users set password_hash = $2 where email = $1', [email, weakHash])
    const login = (password: string) => client().rest('POST', '/login', { body: { email, password } })
    expectProblem(await login('Kestrel of today'), 401, 'invalid_credentials')
    expect(await stored()).toBe(weakHash)
    const answers = await atOnce(5, () => login('Kestrel of long ago'))
    expect(statuses(answers)).toEqual({ 200: 5 })
    expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect((await login('Kestrel of long ago')).status).toBe(200)
    for (const { body } of answers) {
      const { status } = await client().rest('GET', '/get_user', { token: String(body.token) })
      expect(status).toBe(200)
    }
  })

  it('two users of one password have two hashes', async () => {
    const password = freshPassword()
    const emails = [(await join({ password })).email, (await join({ password })).email]
    const { query } = await database()
    const rows = await query('select password_hash from users where email = any($1::text[])', [emails])
    expect(new Set(rows.map(row => row.password_hash)).size).toBe(2)
  })

  describe('a change is told by mail, once, without a secret', () => {
    const told = async (email: string, secrets: readonly string[], nth = 1) => {
      const mail = await mailbox.arrived(email, () => true, nth)
      for (const secret of secrets) expect(JSON.stringify(mail)).not.toContain(secret)
      return mail.subject
    }
    const count = (email: string) => mailbox.mails.filter(({ to }) => to?.[0]?.address === email).length
    /** Mail is looked for by others after this one was asked for: none of it is still on its way. */
    const settle = async () => {
      const other = await join()
      await client().rest('GET', '/get_reset_password_code', { body: { email: other.email } })
      await mailbox.arrived(other.email)
    }

    it('of the password, by change', async () => {
      const { token, email, password } = await join()
      const new_password = freshPassword()
      const body = { current_password: password, new_password }
      expect((await client().rest('PUT', '/change_password', { token, body })).status).toBe(204)
      expect(await told(email, [password, new_password, token])).toMatch(/password/i)
      await settle()
      expect(count(email)).toBe(1)
    })

    it('of the password, by reset', async () => {
      const { email, password } = await join()
      const token = await resetToken(email)
      const new_password = freshPassword()
      const put = { token, body: { email, new_password } }
      expect((await client().rest('PUT', '/put_password', put)).status).toBe(204)
      expect(await told(email, [password, new_password, token], 2)).toMatch(/password/i)
      await settle()
      expect(count(email)).toBe(2) // the code, and the notice
    })

    it('of the number; and not when nothing changed', async () => {
      const { token, email, phone_number, password } = await join()
      const put = (phonenumber: string) =>
        client().rest('PUT', '/put_phonenumber', { token, body: { phonenumber } })
      expect((await put(phone_number)).status).toBe(200)
      const phonenumber = person().phone_number
      expect((await put(phonenumber)).status).toBe(200)
      expect((await put((await join()).phone_number)).status).toBe(409)
      expect(await told(email, [token, password, phonenumber, phone_number])).toMatch(/number/i)
      await settle()
      expect(count(email)).toBe(1)
    })
  })
})
