import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditView, MailView, SettingsView, UsersView, UserView } from '@switchboard/protocol/admin'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { again, type Nodes, rover, startNodes } from '../cluster/nodes.js'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { freshNumber, login, type Rest } from '../people.js'
import type { Product } from '../product.js'
import { request } from '../rest-client.js'
import { signedIn } from './panel-client.js'

type Administrator = Awaited<ReturnType<typeof signedIn>>

let cluster: Nodes
let mailbox: Mailbox
let here: Product
let there: Product
let [owner, operator, viewer] = [] as unknown as [Administrator, Administrator, Administrator]
beforeAll(async () => {
  mailbox = await openMailbox()
  cluster = await startNodes(2, { SMTP_URL: mailbox.url, RATE_LIMITS: 'on' })
  ;[here, there] = cluster.nodes as [Product, Product]
  await writeFile(join(here.dir, '.env'), `DATABASE_URL=${cluster.databaseUrl}\n`) // for the command line
  owner = await signedIn(here, 'Olga')
  operator = await signedIn(here, 'Otto', 'operator')
  viewer = await signedIn(here, 'Vera', 'viewer')
})
afterAll(async () => {
  await cluster.dispose()
  await mailbox.close()
})

const restAt =
  (node: Product): Rest =>
  (method, path, more) =>
    request(node.api, method, path, more)

async function userOf(email: string) {
  const { status, body } = await viewer.client.get(`/api/users?q=${encodeURIComponent(email)}`)
  expect(status).toBe(200)
  const [user] = (body as unknown as UsersView).users
  if (!user) throw new Error('nobody has that mail')
  return user
}

const act = (who: Administrator, id: string, name: string) => who.client.post(`/api/users/${id}/${name}`)

test('a user is found by parts, and shown with what is known, wherever the device is', async () => {
  const device = await rover(there)
  const { email, phone_number } = device.account
  const found = await userOf(email.slice(5, 15))
  expect(found).toMatchObject({ phoneNumber: phone_number, email, isDisabled: false, present: true })
  const { body } = await viewer.client.get(`/api/users/${found.id}`)
  const { user, logins, devices, contacts, blocked } = body as unknown as UserView
  expect(devices).toMatchObject([{ isConnected: true, login: logins[0]?.id, node: expect.any(String) }])
  expect([user.presence, logins.length, contacts, blocked]).toEqual(['present', 1, 0, 0])
  expect(JSON.stringify(body)).not.toMatch(/argon2|password/)
  expect((await viewer.client.get('/api/users?q=%00')).code).toBe('invalid_request')
  expect((await viewer.client.get(`/api/users/${owner.id}`)).code).toBe('user_not_found')
})

test('how much of each limit somebody has used up is shown, wherever it is counted', async () => {
  const device = await rover(there)
  const { id } = await userOf(device.account.email)
  const used = async () => {
    const { limits } = (await viewer.client.get(`/api/users/${id}`)).body as unknown as UserView
    return Object.fromEntries(limits.filter(limit => limit.used > 0).map(limit => [limit.name, limit.used]))
  }
  expect(await used()).toEqual({})
  device.call(freshNumber())
  await device.next('HangUp')
  const path = '/get_turn_credentials'
  expect((await restAt(here)('GET', path, { token: device.account.token })).status).toBe(200)
  // One of ten calls at once, and one of ten credentials.
  expect(await used()).toEqual({ calls: expect.closeTo(0.1, 1), turnCredentials: expect.closeTo(0.1, 1) })
})

test('who is disabled is out on every node within a second, and gets no other answer than a wrong password', async () => {
  const device = await rover(there)
  const caller = await rover(here)
  const { account } = device
  const { id } = await userOf(account.email)
  expect((await act(viewer, id, 'disable')).code).toBe('role_too_low')

  const since = performance.now()
  expect((await act(operator, id, 'disable')).status).toBe(204)
  await device.closed
  expect(performance.now() - since).toBeLessThan(1_000)
  expect((await act(operator, id, 'disable')).status).toBe(204)
  expect((await userOf(account.email)).isDisabled).toBe(true)

  for (const node of [here, there]) {
    const { email, password, token } = account
    const refused = await restAt(node)('POST', '/login', { body: { email, password } })
    const wrong = await restAt(node)('POST', '/login', { body: { email, password: 'a wrong one for sure' } })
    expect([refused.status, refused.body]).toEqual([401, wrong.body])
    expect((await restAt(node)('GET', '/get_user', { token })).status).toBe(401)
  }
  caller.call(account.phone_number)
  expect(await caller.until('an answer', ({ REASON }) => REASON === 'HangUp')).toMatchObject({
    CAUSE: 'unavailable',
  })
  expect((await act(operator, id, 'reset_password')).code).toBe('user_disabled')

  expect((await act(operator, id, 'enable')).status).toBe(204)
  expect(await login(restAt(there), account)).toBeTruthy()
})

test('logging out ends all logins and nothing else', async () => {
  const device = await rover(there)
  const { id } = await userOf(device.account.email)
  expect((await act(operator, id, 'log_out')).status).toBe(204)
  await device.closed
  const { token } = await again(there, device.account)
  expect(token).not.toBe(device.account.token)
})

test('a reset goes to the user by mail, and to nobody else', async () => {
  const { account } = await rover(there)
  const { id } = await userOf(account.email)
  const answer = await act(operator, id, 'reset_password')
  expect([answer.status, answer.text]).toEqual([204, ''])
  const code = await mailbox.code(account.email)
  const body = { email: account.email, verify_code: code }
  expect((await restAt(here)('POST', '/verify_reset_password_code', { body })).status).toBe(200)
  expect((await act(operator, id, 'reset_password')).status).toBe(429)
})

test('only an owner deletes, and the audit log says who did what by ids alone', async () => {
  const device = await rover(there)
  const { account } = device
  const { id } = await userOf(account.email)
  expect((await act(operator, id, 'delete')).code).toBe('role_too_low')
  expect((await act(owner, id, 'delete')).status).toBe(204)
  await device.closed
  expect((await act(owner, id, 'delete')).code).toBe('user_not_found')
  const { body } = await owner.client.get('/api/audit?act=user.delete')
  expect((body as unknown as AuditView).entries.map(({ subject, detail }) => [subject, detail])).toEqual([
    [{ kind: 'user', id }, { refused: 'user_not_found' }],
    [{ kind: 'user', id }, {}],
    [{ kind: 'user', id }, { refused: 'role_too_low' }],
  ])
  expect(JSON.stringify(body)).not.toContain(account.phone_number)
})

test('the settings in force say where they come from, and keep their secrets', async () => {
  const { body } = await viewer.client.get('/api/settings')
  const { settings } = body as unknown as SettingsView
  const named = (wanted: string) => settings.find(({ name }) => name === wanted)
  expect(named('DATABASE_URL')).toMatchObject({ value: '•••', source: 'environment' })
  expect(named('RING_TIMEOUT_SECONDS')).toMatchObject({ value: '60', source: 'default' })
  expect(JSON.stringify(body)).not.toContain(cluster.databaseUrl)
})

test('mail that could not leave is seen without its address, and sent again on demand', async () => {
  const { account } = await rover(there)
  const { id: userId } = await userOf(account.email)
  const port = Number(new URL(mailbox.url).port)
  await mailbox.close()
  expect((await act(operator, userId, 'reset_password')).status).toBe(204)
  const waiting = async () => {
    for (;;) {
      const answer = await viewer.client.get('/api/mail?state=waiting')
      expect([answer.status, answer.text.includes(account.email)]).toEqual([200, false])
      const mail = (answer.body as unknown as MailView).mails.find(each => each.userId === userId)
      if (mail && mail.attempts > 0) return mail
    }
  }
  const mail = await waiting()
  expect(mail).toMatchObject({ kind: 'reset_code', state: 'waiting' })
  mailbox = await openMailbox(port)
  expect((await viewer.client.post(`/api/mail/${mail.id}/retry`)).code).toBe('role_too_low')
  expect((await operator.client.post(`/api/mail/${mail.id}/retry`)).status).toBe(204)
  expect(await mailbox.code(account.email)).toHaveLength(10)
  expect((await operator.client.post(`/api/mail/${userId}/retry`)).code).toBe('not_found')
})
