import type { AddressInfo } from 'node:net'
import type { Role } from '@switchboard/protocol/admin'
import Type from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { httpWorld, listening } from '../http/testing.js'
import { Refusal } from '../refusal.js'
import { addressKey } from '../throttles/addresses.js'
import type { Act } from './api.js'
import type { AdminSession } from './entered.js'
import { createFromHere } from './from-here.js'
import { get, post } from './route.js'
import { createAdmin } from './server.js'

const id = '0192f3a4-0000-7000-8000-000000000001'
const csrfToken = 'the-token-of-the-page'
let session: Partial<AdminSession> = {}
let acts: Act[] = []
let recording = async (act: Act) => void acts.push(act)

const as = (role: Role, more: Partial<AdminSession> = {}): Partial<AdminSession> => ({
  administrator: { id, name: 'Ada', role },
  awaits: undefined,
  needs: 'nothing',
  csrfToken,
  expiresAt: new Date(),
  ...more,
})

const routes = [
  get({
    path: '/api/things',
    least: 'viewer',
    query: Type.Object({ most: Type.Optional(Type.Integer()) }),
    handle: ({ query, administrator }) => ({ most: query.most ?? null, by: administrator.name }),
  }),
  get({
    path: '/api/things.csv',
    least: 'viewer',
    handle: () => ({
      fileName: 'things.csv',
      type: 'text/csv; charset=utf-8',
      chunks: (async function* () {
        yield 'a,b\r\n'
        yield '1,2\r\n'
      })(),
    }),
  }),
  post({
    path: '/api/things/:id/end',
    least: 'operator',
    act: 'thing.end',
    subject: 'thing',
    input: Type.Object({ how: Type.String() }),
    handle: ({ input, note }) => {
      if (input.how === 'badly') throw new Refusal('no_call')
      if (input.how === 'broken') throw new Error('of the inside')
      note({ detail: { how: input.how } })
      return undefined
    },
  }),
  post({ path: '/api/key', least: 'owner', act: 'key', withoutSecondFactor: true, handle: () => ({}) }),
  post({ path: '/api/half', least: 'half_signed_in', act: 'half', handle: () => ({}) }),
  post({ path: '/api/open', least: 'anybody', act: 'open', handle: () => ({}) }),
]

const { createServer, newId, log, logged } = httpWorld()
const server = createAdmin({
  ...{ createServer, newId },
  metrics: () => ({ type: 'text/plain', body: 'up 1\n' }),
  panel: {
    ...{ routes, log },
    sessions: {
      find: async token => (token === 'a'.repeat(43) ? (session as AdminSession) : undefined),
      isNew: async () => false,
    },
    record: act => recording(act),
    throttles: { request: () => undefined },
    clientAddress: address => addressKey(address),
    fromHere: createFromHere({ adminHost: '127.0.0.1', adminOrigin: 'https://admin.example.org' }),
  },
})
let origin: string
beforeAll(async () => {
  origin = `http://127.0.0.1:${await listening(server)}`
})
afterAll(() => void server.close())
beforeEach(() => {
  session = as('owner')
  acts = []
  recording = async act => void acts.push(act)
})

const cookie = `__Host-switchboard-admin=${'a'.repeat(43)}`
async function ask(
  method: string,
  path: string,
  headers: Record<string, string | undefined> = {},
  body: unknown = {},
) {
  const fields = {
    cookie,
    ...(method === 'POST' && { origin, 'content-type': 'application/json', 'x-csrf-token': csrfToken }),
    ...headers,
  }
  const sent = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const response = await fetch(origin + path, {
    method,
    headers: sent,
    ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const answer = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : text
  return {
    status: response.status,
    headers: response.headers,
    body: answer,
    code: (answer as { code?: string }).code,
  }
}
const end = (headers: Record<string, string | undefined> = {}, body: unknown = { how: 'well' }) =>
  ask('POST', `/api/things/${id}/end`, headers, body)

describe('who is let in', () => {
  test('without a session nobody, and is told what to do next', async () => {
    for (const answer of [
      await ask('GET', '/api/things', { cookie: undefined }),
      await end({ cookie: undefined }),
    ]) {
      expect(answer.status).toBe(401)
      expect(answer.body).toMatchObject({ code: 'not_signed_in', next: 'sign_in' })
    }
    expect(acts).toEqual([])
    expect((await ask('POST', '/api/open', { cookie: undefined })).status).toBe(200)
    expect((await ask('POST', '/api/half', { cookie: undefined })).status).toBe(401)
  })

  test('who has yet to give the second factor gives that and nothing else', async () => {
    session = as('owner', { awaits: ['totp', 'passkey'] })
    expect((await ask('GET', '/api/things')).body).toMatchObject({
      ...{ code: 'not_signed_in', next: 'second_factor', methods: ['totp', 'passkey'] },
    })
    expect((await end()).status).toBe(401)
    expect((await ask('POST', '/api/half', { 'x-csrf-token': undefined })).status).toBe(200)
    session = as('owner')
    expect((await ask('POST', '/api/half')).code).toBe('not_begun')
  })

  test('who has to set one up does that and nothing else', async () => {
    session = as('owner', { needs: 'second_factor_setup' })
    expect((await ask('GET', '/api/things')).code).toBe('second_factor_needed')
    expect((await ask('POST', '/api/key')).status).toBe(200)
  })

  test('a role that is too low does nothing, and the try is told', async () => {
    session = as('viewer')
    expect((await ask('GET', '/api/things')).status).toBe(200)
    const refused = await end()
    expect([refused.status, refused.code]).toEqual([403, 'role_too_low'])
    expect(acts).toMatchObject([{ act: 'thing.end', refused: 'role_too_low', administratorId: id }])
    session = as('operator')
    expect((await end()).status).toBe(204)
    expect((await ask('POST', '/api/key')).code).toBe('role_too_low')
  })
})

describe('where it comes from', () => {
  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: undefined }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'x-csrf-token': undefined }],
    [{ 'x-csrf-token': 'the-token-of-another' }],
  ])('%j is refused', async headers => {
    const refused = await end(headers)
    expect([refused.status, refused.code]).toEqual([403, 'csrf_refused'])
    expect(acts).toEqual([])
  })

  test('another port of this machine is another origin', async () => {
    const other = `http://127.0.0.1:${(server.address() as AddressInfo).port + 1}`
    expect((await end({ origin: other })).code).toBe('csrf_refused')
  })

  test('where the panel is said to be is ours, and so is a page that browsers call same-origin', async () => {
    expect((await end({ origin: 'https://admin.example.org' })).status).toBe(204)
    expect((await end({ origin: undefined, 'sec-fetch-site': 'same-origin' })).status).toBe(204)
  })

  test('a form of another page is no JSON', async () => {
    expect((await end({ 'content-type': 'text/plain' })).status).toBe(415)
  })
})

describe('what is asked', () => {
  test('unknown routes, methods and ids', async () => {
    expect((await ask('GET', '/api/nothing')).status).toBe(404)
    expect((await ask('POST', '/api/things/12/end', {}, { how: 'well' })).status).toBe(404)
    const wrong = await ask('POST', '/api/things')
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
  })

  test('a body and a query that do not fit are told where', async () => {
    expect((await end({}, {})).body).toMatchObject({ errors: [{ path: '/how', message: 'is required' }] })
    expect((await end({}, { how: 'well', role: 'owner' })).body).toMatchObject({
      errors: [{ path: '/role', message: 'is not known here' }],
    })
    expect((await end({}, '{"how":')).status).toBe(400)
    expect((await end({}, { how: 'x'.repeat(17_000) })).status).toBe(413)
    expect((await ask('GET', '/api/things?most=12')).body).toEqual({ most: 12, by: 'Ada' })
    expect((await ask('GET', '/api/things?most=many')).status).toBe(400)
    expect((await ask('GET', '/api/things?least=1')).status).toBe(400)
  })

  test('a file is sent to be saved', async () => {
    const file = await ask('GET', '/api/things.csv')
    expect(file.body).toBe('a,b\r\n1,2\r\n')
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="things.csv"')
  })

  test('every answer keeps browsers from storing, guessing and framing it', async () => {
    for (const { headers } of [
      await ask('GET', '/api/things'),
      await ask('GET', '/api/nothing'),
      await end(),
    ]) {
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })
})

describe('what is told', () => {
  test('what was done, to whom and how', async () => {
    await end()
    expect(acts).toEqual([
      {
        ...{ administratorId: id, act: 'thing.end', refused: undefined, address: '127.0.0.1' },
        ...{ subject: { kind: 'thing', id }, detail: { how: 'well' } },
      },
    ])
  })

  test('what was refused or failed, and nothing of a fault of ours', async () => {
    expect((await end({}, { how: 'badly' })).code).toBe('no_call')
    const broken = await end({}, { how: 'broken' })
    expect([broken.status, broken.code]).toEqual([500, 'internal'])
    expect(JSON.stringify(broken.body) + logged.join('')).not.toContain('of the inside')
    expect(acts.map(({ refused }) => refused)).toEqual(['no_call', 'internal'])
  })

  test('what cannot be told is not answered as done', async () => {
    recording = () => Promise.reject(new Error('no room'))
    expect((await end()).status).toBe(500)
  })

  test('who only looks is not told of', async () => {
    await ask('GET', '/api/things')
    expect(acts).toEqual([])
  })
})

test('names that lead here and are not ours are refused, figures are for whoever asks', async () => {
  const { request } = await import('node:http')
  const status = (path: string, host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(origin)
      const asked = request({ port, host: '127.0.0.1', path, headers: { host, cookie } }, response => {
        resolve(response.resume().statusCode)
      })
      asked.on('error', reject).end()
    })
  expect(await status('/api/things', 'rebound.example')).toBe(403)
  expect(await status('/api/things', 'rebound.example:9090')).toBe(403)
  for (const host of ['localhost:9090', '[::1]:9090', '10.0.0.7', 'admin.example.org']) {
    expect(await status('/api/things', host)).toBe(200)
  }
  expect(await status('/metrics', 'node-1:9090')).toBe(200)
})
