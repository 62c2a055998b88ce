import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../expectations.js'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { freshPassword } from './fresh-password.js'
import { type Client, guarded } from './guarded.js'
import { atOnce, expectRefusedFor, retryAfter, statuses } from './refusals.js'

describe('wrong passwords of one account', () => {
  let mailbox: Mailbox
  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(() => mailbox.close())
  const { client, join, database } = guarded({ env: () => ({ SMTP_URL: mailbox.url }) })
  const attempt = (email: string, password: string, from: Client = client()) =>
    from.rest('POST', '/login', { body: { email, password } })
  const wrong = (email: string, from?: Client) => attempt(email, 'Kestrel wrong', from)

  /** As many wrong passwords in a row: the last ten by asking, those before by the database. */
  async function failures(email: string, count: number) {
    const { elapse, query } = await database()
    const earlier = count - 10
    expectProblem(await wrong(email), 401, 'invalid_credentials')
    await query(
      `update failed_logins set failures = $1 where address = '' and seen_at = (
      select max(seen_at) from failed_logins where address = '')`,
      [earlier],
    )
    for (let n = earlier; n < count; n++) {
      await elapse(26)
      expectProblem(await wrong(email), 401, 'invalid_credentials')
    }
  }

  it('5, then one in 6, 12, 24, 25 and 25 seconds', async () => {
    const { email } = await join()
    for (let n = 0; n < 5; n++) expectProblem(await wrong(email), 401, 'invalid_credentials')
    for (const seconds of [6, 12, 24, 25, 25]) {
      const answer = await expectRefusedFor(
        seconds,
        'too_many_attempts',
        () => wrong(email),
        await database(),
      )
      expectProblem(answer, 401, 'invalid_credentials')
    }
  })

  it('the wait that is told is the wait by the clock', async () => {
    const { email, password } = await join()
    for (let n = 0; n < 5; n++) await wrong(email)
    const refusal = await attempt(email, password)
    expectProblem(refusal, 429, 'too_many_attempts')
    await sleep(retryAfter(refusal) * 1_000)
    expect((await attempt(email, password)).status).toBe(200)
  })

  it('an account that does not exist is as slow', async () => {
    const email = `nobody.${freshPassword().slice(-8)}@example.org`
    for (let n = 0; n < 5; n++) expectProblem(await wrong(email), 401, 'invalid_credentials')
    const refusal = await wrong(email)
    expectProblem(refusal, 429, 'too_many_attempts')
    const { email: known } = await join()
    for (let n = 0; n < 5; n++) await wrong(known)
    const { instance: _, ...body } = (await wrong(known)).body
    expect(refusal.body).toMatchObject(body)
  })

  it('of 100 at once 5 are looked at', async () => {
    const { email } = await join()
    expect(statuses(await atOnce(100, () => wrong(email)))).toEqual({ 401: 5, 429: 95 })
  })

  it('a success clears', async () => {
    const { email, password } = await join()
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 4; n++) expectProblem(await wrong(email), 401, 'invalid_credentials')
      expect((await attempt(email, password)).status).toBe(200)
    }
  })

  it('do not keep its owner out of where they have logged in before', async () => {
    const home = client()
    const { email, password } = await home.join()
    await atOnce(40, () => wrong(email))
    expectProblem(await attempt(email, password), 429, 'too_many_attempts')
    expect((await attempt(email, password, home)).status).toBe(200)
  })

  it('the address that its owner comes from has no more tries than another', async () => {
    const home = client()
    const { email } = await home.join()
    const answers = []
    for (let n = 0; n < 8; n++) answers.push(await wrong(email, home))
    expect(statuses(answers)).toEqual({ 401: 5, 429: 3 })
  })

  it('count wherever a password is asked for', async () => {
    const { rest, join } = client()
    const { token, email } = await join()
    const body = { current_password: 'Kestrel wrong', new_password: freshPassword() }
    for (let n = 0; n < 3; n++)
      expectProblem(await rest('PUT', '/change_password', { token, body }), 401, 'invalid_credentials')
    const deletion = () => rest('DELETE', '/delete_user', { token, body: { password: 'Kestrel wrong' } })
    for (let n = 0; n < 2; n++) expectProblem(await deletion(), 401, 'invalid_credentials')
    expectProblem(await deletion(), 429, 'too_many_attempts')
    expectProblem(await wrong(email), 429, 'too_many_attempts')
  })

  it('after 100 in a row a reset alone opens it', async () => {
    const home = client()
    const { email, password } = await home.join()
    await failures(email, 100)
    for (const from of [home, client()]) {
      const locked = await attempt(email, password, from)
      expectProblem(locked, 429, 'too_many_attempts')
      expect(retryAfter(locked)).toBeGreaterThan(3_600)
    }
    await (await database()).elapse(48 * 3_600)
    expectProblem(await attempt(email, password, home), 429, 'too_many_attempts')

    const { rest } = client()
    await rest('POST', '/get_reset_password_code', { body: { email } })
    const verify_code = await mailbox.code(email)
    const answer = await rest('POST', '/verify_reset_password_code', { body: { email, verify_code } })
    const new_password = freshPassword()
    const put = { token: String(answer.body.token), body: { email, new_password } }
    expect((await rest('PUT', '/put_password', put)).status).toBe(204)
    expect((await attempt(email, new_password)).status).toBe(200)
  })
})
