import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectClosed, expectInvalid, expectProblem } from '../expectations.js'
import { codeIn, codePattern, type Mailbox, openMailbox } from '../mailbox.js'
import { login } from '../people.js'
import { running } from '../running.js'

describe('the password reset, by mail', () => {
  let mailbox: Mailbox
  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(() => mailbox.close())
  // The most talkative log: it must not hold a code or an address either.
  const server = running({
    env: () => ({ SMTP_URL: mailbox.url, MAIL_FROM: 'switchboard@example.org', LOG_LEVEL: 'trace' }),
  })
  const askFor = (email: string, method = 'GET') =>
    server.rest(method, '/get_reset_password_code', { body: { email } })
  const redeem = (email: string, verify_code: string, method = 'GET') =>
    server.rest(method, '/verify_reset_password_code', { body: { email, verify_code } })
  const put = (token: string, email: string, new_password: string) =>
    server.rest('PUT', '/put_password', { token, body: { email, new_password } })
  const codeFor = async (email: string, nth = 1) => {
    expect((await askFor(email)).status).toBe(202)
    const code = await mailbox.code(email, nth)
    server.secret(code)
    return code
  }
  const tokenFor = async (email: string, nth = 1) => {
    const { body } = await redeem(email, await codeFor(email, nth))
    server.secret(String(body.token))
    return String(body.token)
  }

  it('answers a known and an unknown address alike', async () => {
    const { email } = await server.join()
    const [known, unknown] = [await askFor(email), await askFor('nobody.here@example.org')]
    expect([known.status, unknown.status]).toEqual([202, 202])
    expect(known.text).toBe(unknown.text)
    await mailbox.arrived(email)
    expect(mailbox.mails.some(mail => mail.to?.[0]?.address === 'nobody.here@example.org')).toBe(false)
  })

  it('sends ten unambiguous symbols, as text and as HTML', async () => {
    const { email } = await server.join()
    const code = await codeFor(email)
    expect(code).not.toMatch(/[ILO]/)
    const mail = await mailbox.arrived(email, each => (each.text ?? '').includes(code))
    expect(mail.html).toContain(code)
    expect(mail.from?.address).toBe('switchboard@example.org')
  })

  it('works over POST, for browsers', async () => {
    const account = await server.join()
    expect((await askFor(account.email, 'POST')).status).toBe(202)
    const response = await redeem(account.email, await mailbox.code(account.email), 'POST')
    expect(response.status).toBe(200)
    server.secret(String(response.body.token))
  })

  it('finds the account whatever the case of its email', async () => {
    const { email } = await server.join()
    expect((await askFor(email.toUpperCase())).status).toBe(202)
    const code = await mailbox.code(email)
    expect((await redeem(email.toUpperCase(), code)).status).toBe(200)
  })

  it('takes a code once', async () => {
    const { email } = await server.join()
    const code = await codeFor(email)
    const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(email, code)))
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 400, 400, 400, 400])
    expectProblem(await redeem(email, code), 400, 'invalid_code')
  })

  it('is spent after five attempts, right or wrong', async () => {
    const { email } = await server.join()
    const code = await codeFor(email)
    for (let attempt = 0; attempt < 5; attempt++)
      expectProblem(await redeem(email, 'WRONGCXDE9'), 400, 'invalid_code')
    expectProblem(await redeem(email, code), 400, 'invalid_code')
  })

  it('counts parallel attempts', async () => {
    const { email } = await server.join()
    const code = await codeFor(email)
    await Promise.all(Array.from({ length: 12 }, () => redeem(email, 'WRONGCXDE9')))
    expectProblem(await redeem(email, code), 400, 'invalid_code')
  })

  it('kills the older code by a newer', async () => {
    const { email } = await server.join()
    const first = await codeFor(email)
    const second = await codeFor(email, 2)
    expect(second).not.toBe(first)
    expectProblem(await redeem(email, first), 400, 'invalid_code')
    expect((await redeem(email, second)).status).toBe(200)
  })

  it('does not take the code of another account', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    const code = await codeFor(ada.email)
    expectProblem(await redeem(ben.email, code), 400, 'invalid_code')
    expectProblem(await redeem('nobody.here@example.org', code), 400, 'invalid_code')
  })

  it('refuses a reset token everywhere else', async () => {
    const account = await server.join()
    const token = await tokenFor(account.email)
    for (const path of ['/authenticate', '/get_user', '/get_contacts', '/export_user', '/get_call_history']) {
      expectProblem(await server.rest('GET', path, { token }), 401, 'invalid_token')
    }
    expectProblem(await server.rest('POST', '/logout', { token }), 401, 'invalid_token')
    await expect(server.device({ ...account, token })).rejects.toThrow(/4401/)
  })

  it('names what is wrong with a new password and leaves the token standing', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    const token = await tokenFor(ada.email)
    expectProblem(await put(token, ben.email, 'betterPassword123'), 403, 'wrong_account')
    expectProblem(await put(token, ada.email, 'short'), 400, 'weak_password')
    expectProblem(await put(token, ada.email, ada.email), 400, 'weak_password')
    expect((await put(token, ada.email.toUpperCase(), 'betterPassword123')).status).toBe(204)
  })

  it('takes a reset token once', async () => {
    const { email } = await server.join()
    const token = await tokenFor(email)
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) => put(token, email, `betterPassword${n}`)),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual([204, 401, 401, 401])
    expectProblem(await put(token, email, 'betterPassword123'), 401, 'invalid_token')
  })

  it('kills every token and closes every socket of the user', async () => {
    const account = await server.join()
    const other = await server.again(account)
    const devices = [await server.device(account), await server.device(other)]
    const token = await tokenFor(account.email)
    expect((await put(token, account.email, 'betterPassword123')).status).toBe(204)
    for (const device of devices) await expectClosed(device, 4403)
    for (const dead of [account, other]) {
      expectProblem(await server.rest('GET', '/get_user', { token: dead.token }), 401, 'invalid_token')
    }
    await login(server.rest, { email: account.email, password: 'betterPassword123' })
  })

  it('names bad input', async () => {
    expectInvalid(await askFor(''))
    expectInvalid(await askFor(7 as unknown as string))
    expectInvalid(await server.rest('GET', '/get_reset_password_code', { body: {} }))
    expectInvalid(await server.rest('GET', '/verify_reset_password_code', { body: { email: 'a@b.cd' } }))
  })

  it('sends the mail when the mail server was away and is back', async () => {
    const { email } = await server.join()
    const port = Number(new URL(mailbox.url).port)
    await mailbox.close()
    expect((await askFor(email)).status).toBe(202)
    await sleep(500) // the first try fails in this time; were it slower, the test would prove less, not fail
    mailbox = await openMailbox(port)
    expect(await mailbox.code(email)).toHaveLength(10)
  })
})

describe('the outbox, where no mail is configured', () => {
  const server = running({ env: { LOG_LEVEL: 'debug' }, outboxInLog: true })

  it('prints the mail to the log at LOG_LEVEL=debug, and its code works', async () => {
    const { email } = await server.join()
    const before = server.logs().length
    await server.rest('GET', '/get_reset_password_code', { body: { email } })
    await expect.poll(() => server.logs().slice(before), { timeout: 8_000 }).toMatch(codePattern)
    const code = codeIn(server.logs().slice(before))
    const response = await server.rest('GET', '/verify_reset_password_code', {
      body: { email, verify_code: code },
    })
    expect(response.status).toBe(200)
  })
})

describe('the outbox at LOG_LEVEL=info', () => {
  const server = running({ env: { LOG_LEVEL: 'info' } })

  it('says nothing of the mail', async () => {
    const { email } = await server.join()
    await server.rest('GET', '/get_reset_password_code', { body: { email } })
    await server.rest('GET', '/get_user')
    expect(server.logs()).not.toContain(email)
  })
})
