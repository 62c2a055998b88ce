import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { MailConfig } from '../config.js'
import { smtpServer } from './testing.js'
import { openTransport, transportOptions } from './transport.js'

const from = 'Switchboard <no-reply@domain.yup>'
const mail = { subject: 'Subject', text: 'text', html: '<p>html</p>' }
const gmail: Extract<MailConfig['transport'], { kind: 'gmail' }> = {
  kind: 'gmail',
  user: 'somenice@gmail.com',
  clientId: 'client',
  clientSecret: 'secret',
  refreshToken: 'refresh',
}
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

test('Gmail is asked with OAuth2, and every phase has its end', () => {
  expect(transportOptions(gmail)).toMatchObject({
    service: 'gmail',
    auth: {
      type: 'OAuth2',
      user: 'somenice@gmail.com',
      clientId: 'client',
      clientSecret: 'secret',
      refreshToken: 'refresh',
    },
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 10_000,
    dnsTimeout: 10_000,
  })
})

test('with OAuth2 a refresh token buys an access token, and that logs in', async () => {
  const asked: string[] = []
  const accounts = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => asked.push(chunk.toString()))
    request.on('end', () => response.end(JSON.stringify({ access_token: 'bought', expires_in: 3600 })))
  }).listen(0, '127.0.0.1')
  closing.push(() => accounts.close())
  const smtp = await smtpServer({
    authMethods: ['XOAUTH2'],
    authOptional: false,
    onAuth: ({ username, accessToken }, _session, callback) =>
      accessToken === 'bought' ? callback(null, { user: username }) : callback(new Error('no')),
  })
  closing.push(smtp.close)
  const transport = openTransport(
    { transport: gmail, from },
    {
      service: undefined,
      host: '127.0.0.1',
      port: smtp.port,
      secure: false,
      auth: {
        ...transportOptions(gmail).auth,
        accessUrl: `http://127.0.0.1:${(accounts.address() as AddressInfo).port}/token`,
      },
    },
  )
  await transport?.verify()
  await transport?.send('person@domain.yup', mail, AbortSignal.timeout(5_000))
  expect((await smtp.mail(0)).recipients).toEqual(['person@domain.yup'])
  expect(Object.fromEntries(new URLSearchParams(asked.join('')))).toMatchObject({
    refresh_token: 'refresh',
    grant_type: 'refresh_token',
    client_id: 'client',
  })
})

test('user and password of SMTP_URL log in, and a wrong password is found by verify', async () => {
  const smtp = await smtpServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) =>
      username === 'post@domain.yup' && password === 'p@ss/word'
        ? callback(null, { user: 1 })
        : callback(new Error('Invalid username or password')),
  })
  closing.push(smtp.close)
  const open = (password: string) =>
    openTransport({
      transport: {
        kind: 'smtp',
        url: `smtp://post%40domain.yup:${encodeURIComponent(password)}@127.0.0.1:${smtp.port}`,
      },
      from,
    })
  await open('p@ss/word')?.send('person@domain.yup', mail, AbortSignal.timeout(5_000))
  expect(smtp.received).toHaveLength(1)
  await expect(open('wrong')?.verify()).rejects.toMatchObject({ code: 'EAUTH' })
})

test('the outbox is no transport', () => {
  expect(openTransport({ transport: { kind: 'outbox' }, from })).toBeUndefined()
})
