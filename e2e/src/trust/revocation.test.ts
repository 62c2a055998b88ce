import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { expectProblem } from '../expectations.js'
import { type Mailbox, openMailbox } from '../mailbox.js'
import type { Account } from '../people.js'
import { freshPassword } from './fresh-password.js'
import { guarded } from './guarded.js'
import { switchboard } from './operator.js'

type Act = (account: Account) => Promise<unknown>

describe('revocation', () => {
  let mailbox: Mailbox
  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(() => mailbox.close())
  const { server, client, join, device } = guarded({ env: () => ({ SMTP_URL: mailbox.url }) })
  const rest = async (account: Account, method: string, path: string, body?: object) => {
    const answer = await client().rest(method, path, { token: account.token, ...(body && { body }) })
    expect(answer.status, answer.text).toBe(204)
  }

  /** Milliseconds from the answer to the closing of the socket, which is for this reason. */
  async function closedAfter({ closed }: Device, answered: number): Promise<number> {
    const { code } = await closed
    expect(code).toBe(4403)
    return Math.max(0, performance.now() - answered)
  }

  const kinds: Record<string, { act: Act; others: boolean; own: boolean }> = {
    logout: { act: account => rest(account, 'POST', '/logout'), own: true, others: false },
    logout_everywhere: {
      act: account => rest(account, 'POST', '/logout_everywhere'),
      own: true,
      others: true,
    },
    change_password: {
      act: account => {
        const body = { current_password: account.password, new_password: freshPassword() }
        return rest(account, 'PUT', '/change_password', body)
      },
      own: false,
      others: true,
    },
    put_password: {
      act: async ({ email }) => {
        const { rest } = client()
        await rest('GET', '/get_reset_password_code', { body: { email } })
        const verify_code = await mailbox.code(email)
        const { body } = await rest('GET', '/verify_reset_password_code', { body: { email, verify_code } })
        const put = { token: String(body.token), body: { email, new_password: freshPassword() } }
        expect((await rest('PUT', '/put_password', put)).status).toBe(204)
      },
      own: true,
      others: true,
    },
    'user disable': {
      act: ({ email }) => switchboard(server, 'user', 'disable', email),
      own: true,
      others: true,
    },
    'user delete': {
      act: ({ email }) => switchboard(server, 'user', 'delete', email, '--yes'),
      own: true,
      others: true,
    },
    delete_user: {
      act: account => rest(account, 'DELETE', '/delete_user', { password: account.password }),
      own: true,
      others: true,
    },
  }

  it.for(Object.entries(kinds))(
    '%s: sockets within a second, tokens at once',
    async ([name, kind], context) => {
      const { act, own, others } = kind
      const account = await join()
      const other = await client().login(account)
      const bystander = await device()
      const devices = [await device(account), await device(other)]
      await act(account)
      const answered = performance.now()
      const revoked = [own && account, others && other].filter(each => each !== false)
      const closing = devices
        .filter(({ account: { token } }) => revoked.some(each => each.token === token))
        .map(each => closedAfter(each, answered))
      const times = await Promise.all(closing)
      expect(Math.max(...times)).toBeLessThan(1_000)
      for (const { token } of revoked) {
        expectProblem(await client().rest('GET', '/get_user', { token }), 401, 'invalid_token')
        await expect(device({ ...account, token })).rejects.toThrow('4401')
      }
      if (!own) expect((await client().rest('GET', '/get_user', { token: account.token })).status).toBe(200)
      for (const each of devices) {
        if (!revoked.some(({ token }) => token === each.account.token)) expect(await each.fence()).toEqual([])
      }
      expect(await bystander.fence()).toEqual([])
      await context.annotate(`${name}: ${Math.max(...times).toFixed(0)} ms`)
    },
  )

  it('disabling keeps its owner out, whatever they try, in the words of a wrong password', async () => {
    const account = await join()
    const { email, password } = account
    await switchboard(server, 'user', 'disable', email)
    const login = () => client().rest('POST', '/login', { body: { email, password } })
    const refused = await login()
    expectProblem(refused, 401, 'invalid_credentials')
    await client().rest('GET', '/get_reset_password_code', { body: { email } })
    await switchboard(server, 'user', 'enable', email)
    expect((await login()).status).toBe(200)
    expectProblem(await client().rest('GET', '/get_user', { token: account.token }), 401, 'invalid_token')
    expect(mailbox.mails.filter(({ to }) => to?.[0]?.address === email)).toEqual([])
  })
})

describe('a rotation of the keys', () => {
  const { server, client, join, device } = guarded()
  const jwks = async () =>
    ((await client().rest('GET', '/.well-known/jwks.json')).body.keys as { kid: string }[]).map(
      ({ kid }) => kid,
    )
  const kidOf = (token: string) =>
    (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid

  it('logs nobody out, shows both keys, and signs with the new one', async () => {
    const accounts = await Promise.all(Array.from({ length: 5 }, () => join()))
    const devices = await Promise.all(accounts.map(device))
    const [before] = await jwks()
    await switchboard(server, 'keys', 'rotate')
    await expect.poll(jwks, { timeout: 3_000 }).toHaveLength(2)
    expect(await jwks()).toContain(before)
    for (const [n, { token }] of accounts.entries()) {
      expect(kidOf(token)).toBe(before)
      expect((await client().rest('GET', '/get_user', { token })).status).toBe(200)
      expect(await devices[n]?.fence()).toEqual([])
      await devices[n]?.drop()
      expect(await devices[n]?.resume()).toMatchObject({ RESUMED: true })
    }
    const renewed = await client().rest('GET', '/authenticate', { token: accounts[0]?.token })
    const { token } = await client().login(accounts[1] ?? (await join()))
    for (const each of [String(renewed.body.token), token]) {
      expect(kidOf(each)).not.toBe(before)
      expect((await client().rest('GET', '/get_user', { token: each })).status).toBe(200)
    }
  })

  it('survives a restart, and the second ends what the key before the first signed', async () => {
    const account = await join()
    await switchboard(server, 'keys', 'rotate')
    await server.stop()
    await server.start()
    const ask = () => client().rest('GET', '/get_user', { token: account.token })
    expect((await ask()).status).toBe(200)
    await switchboard(server, 'keys', 'rotate')
    await expect.poll(async () => (await ask()).status, { timeout: 3_000 }).toBe(401)
    expect(await jwks()).toHaveLength(2)
  })
})
