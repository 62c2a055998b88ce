import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../expectations.js'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { freshPassword } from './fresh-password.js'
import { guarded } from './guarded.js'
import { atOnce, expectRefusedFor, statuses } from './refusals.js'

const wrongCode = 'WRNGCXDE99'

describe('limits of the password reset', () => {
  let mailbox: Mailbox
  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(() => mailbox.close())
  const { server, client, join, database } = guarded({ env: () => ({ SMTP_URL: mailbox.url }) })
  const ask = (email: string) => client().rest('GET', '/get_reset_password_code', { body: { email } })
  const redeem = (email: string, verify_code: string) =>
    client().rest('GET', '/verify_reset_password_code', { body: { email, verify_code } })
  const mailsTo = (email: string) => mailbox.mails.filter(mail => mail.to?.[0]?.address === email).length

  /** A code for somebody who has waited for it. */
  async function codeFor(email: string, nth = 1) {
    await (await database()).elapse(nth === 1 ? 0 : 301)
    expect((await ask(email)).status).toBe(202)
    const code = await mailbox.code(email, nth)
    server.secret(code)
    return code
  }

  it('mails: one a minute, three in 15 minutes, six a day', async () => {
    const { email } = await join()
    const again = async (seconds: number) =>
      expect(
        (await expectRefusedFor(seconds, 'too_many_attempts', () => ask(email), await database())).status,
      ).toBe(202)
    expect(statuses(await atOnce(20, () => ask(email)))).toEqual({ 202: 1, 429: 19 })
    await again(60)
    await again(60)
    await again(780) // 15 minutes after the first
    const { elapse } = await database()
    await elapse(900)
    expect((await ask(email)).status).toBe(202)
    await elapse(900)
    expect((await ask(email)).status).toBe(202)
    await again(86_400 - 2_700) // a day after the first
    await expect.poll(() => mailsTo(email), { timeout: 8_000 }).toBe(7)
  })

  it('an email without an account is limited alike', async () => {
    const email = `nobody.${freshPassword().slice(-8)}@example.org`
    expect((await ask(email)).status).toBe(202)
    expectProblem(await ask(email), 429, 'too_many_attempts')
    expectProblem(await ask(email.toUpperCase()), 429, 'too_many_attempts')
  })

  it('wrong codes: five a code, counted before they are compared, at once or not', async () => {
    const { email } = await join()
    const code = await codeFor(email)
    const tries = atOnce(100, () => redeem(email, wrongCode))
    expect(statuses(await tries)).toEqual({ 400: 100 })
    expectProblem(await redeem(email, code), 400, 'invalid_code')
  })

  it('after four wrong ones the right one is good', async () => {
    const { email } = await join()
    const code = await codeFor(email)
    await atOnce(4, () => redeem(email, wrongCode))
    expect((await redeem(email, code)).status).toBe(200)
  })

  it('wrong codes: ten an hour an account, over any number of codes, in the words of a wrong one', async () => {
    const { email } = await join()
    for (const nth of [1, 2]) {
      await codeFor(email, nth)
      for (let n = 0; n < 5; n++) expectProblem(await redeem(email, wrongCode), 400, 'invalid_code')
    }
    expectProblem(await redeem(email, await codeFor(email, 3)), 400, 'invalid_code')
    await (await database()).elapse(3_600)
    expect((await redeem(email, await codeFor(email, 4))).status).toBe(200)
  })

  it('a code is good once, for one of 100 at once', async () => {
    const { email } = await join()
    const code = await codeFor(email)
    expect(statuses(await atOnce(100, () => redeem(email, code)))).toEqual({ 200: 1, 400: 99 })
  })

  it('a reset token is good once, for one of 100 at once', async () => {
    const { email, password } = await join()
    const token = String((await redeem(email, await codeFor(email))).body.token)
    server.secret(token)
    const passwords = Array.from({ length: 100 }, freshPassword)
    const answers = await atOnce(100, n =>
      client().rest('PUT', '/put_password', { token, body: { email, new_password: passwords[n] } }),
    )
    // Each asks for a hash first: those that find the queue full are told to come back.
    const { 204: set, 401: late = 0, 503: shed = 0, ...others } = statuses(answers)
    expect([set, late + shed, others]).toEqual([1, 99, {}])
    for (const each of answers.filter(({ status }) => status === 503))
      expect(each.headers['retry-after']).toMatch(/^[1-9]\d*$/)
    const winner = passwords[answers.findIndex(({ status }) => status === 204)]
    const login = (secret = '') => client().rest('POST', '/login', { body: { email, password: secret } })
    expect((await login(winner)).status).toBe(200)
    expectProblem(await login(password), 401, 'invalid_credentials')
  })
})
