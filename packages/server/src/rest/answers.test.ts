import { afterEach, describe, expect, test } from 'vitest'
import { DatabaseUnavailable } from '../storage/errors.js'
import { type RestWorld, type RestWorldChanges, restWorld } from './testing.js'

let world: RestWorld | undefined
afterEach(() => world?.close())
const start = async (changes: RestWorldChanges = {}) => {
  world = await restWorld(changes)
  return world
}

describe('headers', () => {
  test('every answer is guarded and not stored', async () => {
    const { ask, person } = await start()
    const { token } = await person()
    for (const { headers } of [
      await ask('GET', '/get_user', undefined, token),
      await ask('GET', '/get_user'),
      await ask('GET', '/nowhere'),
      await ask('POST', '/login', { email: 'a@b.c', password: 'x' }),
    ]) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'x-content-type-options': 'nosniff',
        'x-ratelimit-limit': '600',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
      })
      expect(
        headers['x-powered-by'] ?? headers.server ?? headers['strict-transport-security'],
      ).toBeUndefined()
    }
  })

  test('no HSTS over plain HTTP, whatever the public URL is', async () => {
    const { ask } = await start({ config: { publicUrl: 'https://calls.example' } })
    expect((await ask('GET', '/health/live')).headers['strict-transport-security']).toBeUndefined()
  })
})

describe('other origins', () => {
  const listed = 'https://app.example'
  const preflight = (origin: string, url = '/login') => ({
    method: 'OPTIONS' as const,
    url,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  })

  test('a listed one may ask', async () => {
    const { app } = await start({ config: { allowedOrigins: [listed] } })
    const asked = await app.inject(preflight(listed))
    expect(asked.statusCode).toBe(204)
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      vary: 'Origin',
    })
    const answer = await app.inject({ url: '/get_user', headers: { origin: listed } })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-expose-headers': 'x-request-id, retry-after, x-ratelimit-limit',
    })
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  })

  test.each([
    'https://evil.example',
    'null',
    `${listed}.evil`,
    'https://xapp.example',
    'http://app.example',
    '*',
  ])('%s may not', async origin => {
    const { app } = await start({ config: { allowedOrigins: [listed] } })
    for (const options of [preflight(origin), { url: '/get_user', headers: { origin } }]) {
      expect((await app.inject(options)).headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  test('the public URL is our own', async () => {
    const { app } = await start({ config: { publicUrl: 'https://calls.example/base' } })
    const origin = 'https://calls.example'
    expect((await app.inject(preflight(origin))).headers['access-control-allow-origin']).toBe(origin)
    const evil = await app.inject(preflight('https://calls.example.evil'))
    expect(evil.headers['access-control-allow-origin']).toBeUndefined()
  })

  test('none is listed by default', async () => {
    const { app } = await start()
    const asked = await app.inject(preflight(listed))
    expect([asked.statusCode, asked.headers['access-control-allow-origin']]).toEqual([405, undefined])
  })
})

describe('when something breaks', () => {
  const failing = (error: unknown) =>
    start({
      sessions: {
        access: () => Promise.reject(error),
      } as unknown as NonNullable<RestWorldChanges['sessions']>,
    })

  test('the client learns nothing but the request id, and the log nothing of the client', async () => {
    const error = Object.assign(new Error('duplicate key: Key (email)=(ada@domain.yup) at /srv/secret.ts'), {
      code: '23505',
      detail: 'ada@domain.yup',
    })
    const { ask, logged } = await failing(error)
    const { status, body, headers } = await ask('GET', '/get_user', undefined, 'sEcReT')
    expect([status, body]).toEqual([
      500,
      {
        type: 'urn:switchboard:error:internal',
        title: 'Something went wrong on our side',
        status: 500,
        detail: 'Something went wrong on our side',
        code: 'internal',
      },
    ])
    expect(logged).toHaveLength(2)
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      requestId: headers['x-request-id'],
      route: '/get_user',
      method: 'GET',
      sqlState: '23505',
      msg: 'a request failed',
    })
    expect(JSON.parse(logged[1] ?? '')).toMatchObject({
      requestId: headers['x-request-id'],
      status: 500,
      msg: 'a request is answered',
    })
    expect(logged.join()).not.toMatch(/ada@|sEcReT|Key \(/)
  })

  test.each([undefined, null, 'text', 5, { statusCode: 'x' }])(
    '%j is a fault of ours as well',
    async thrown => {
      const { ask } = await failing(thrown)
      expect((await ask('GET', '/get_user', undefined, 'x')).body).toMatchObject({ code: 'internal' })
    },
  )

  test('a database that is away is said to be, and when to come back', async () => {
    const { ask } = await failing(
      new DatabaseUnavailable('no connection', { cause: new Error('ECONNREFUSED') }),
    )
    const { status, body, headers } = await ask('GET', '/get_user', undefined, 'x')
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'service_unavailable', '2'])
  })
})

describe('strict profile', () => {
  const config = { securityProfile: 'strict', trustProxy: ['127.0.0.1'] } as const
  const login = { method: 'POST' as const, url: '/login', payload: { email: 'a@b.c', password: 'x' } }

  test.each([
    ['a stranger', '192.0.2.1', undefined, 400],
    ['a stranger who says HTTPS', '192.0.2.1', 'https', 400],
    ['a proxy of ours', '127.0.0.1', undefined, 401],
    ['a proxy of ours, mapped', '::ffff:127.0.0.1', 'https', 401],
    ['a proxy that was asked in the clear', '127.0.0.1', 'http', 400],
  ])('plain HTTP from %s', async (_who, remoteAddress, proto, status) => {
    const { app } = await start({ config })
    const headers = proto === undefined ? {} : { 'x-forwarded-proto': proto }
    expect((await app.inject({ ...login, remoteAddress, headers })).statusCode).toBe(status)
    expect((await app.inject({ url: '/health/live', remoteAddress })).statusCode).toBe(200)
  })
})
