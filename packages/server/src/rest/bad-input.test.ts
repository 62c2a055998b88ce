import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RestWorld, restWorld } from './testing.js'

let world: RestWorld
let token: string
beforeAll(async () => {
  world = await restWorld()
  token = (await world.person()).token
})
afterAll(() => world.close())

/** Sends a body as it is. */
async function send(options: InjectOptions) {
  const { statusCode, headers, body } = await world.app.inject(options)
  return { status: statusCode, headers, body: body === '' ? undefined : JSON.parse(body) }
}
const json = { 'content-type': 'application/json' }
const login = (payload: string | Buffer, headers: Record<string, string> = json) =>
  send({ method: 'POST', url: '/login', payload, headers })
const credentials = '"email":"a@b.c","password":"SuperSecure"'

describe('a body', () => {
  test.each([
    ['truncated', `{${credentials}`],
    ['no JSON', '{email}'],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['null', 'null'],
    ['two objects', `{${credentials}}{}`],
    ['a member twice', `{${credentials},"email":"x@y.z"}`],
    ['a member twice, once escaped', `{${credentials},"\\u0065mail":"x@y.z"}`],
    ['deep', `{"email":${'['.repeat(8)}${']'.repeat(8)}}`],
    ['very deep', `{"email":${'['.repeat(16_000)}`],
    ['33 members', `{${Array.from({ length: 33 }, (_, i) => `"m${i}":1`).join()}}`],
    ['not UTF-8', Buffer.from(`{${credentials},"x":"\xff"}`, 'latin1')],
    ['NUL bytes', '\u0000\u0000'],
    ['infinity', `{${credentials},"x":1e999}`],
  ])('%s is refused', async (_what, payload) => {
    expect(await login(payload)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  test('an integer-like key flood and a long key are refused quickly, and not repeated at length', async () => {
    const flood = `{${Array.from({ length: 1_500 }, (_, i) => `"${i}":1`).join()}}`
    expect(await login(flood)).toMatchObject({ status: 400 })
    const { body } = await login(`{${credentials},"${'k'.repeat(15_000)}":1}`)
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ message: 'is not known here' }] })
    expect(JSON.stringify(body).length).toBeLessThan(400)
  })

  test.each([
    [{ email: 'a@b.c' }, [{ path: '/password', message: 'is required' }]],
    [{ email: 'a@b.c', password: 'x', admin: true }, [{ path: '/admin', message: 'is not known here' }]],
    [{ email: 5, password: 'x' }, [{ path: '/email', message: 'must be string' }]],
    [{ email: ['a@b.c'], password: null }, [{ path: '/email' }, { path: '/password' }]],
    [{ email: { $ne: 1 }, password: 'x' }, [{ path: '/email', message: 'must be string' }]],
    [{ email: 'a\u0000@b.c', password: 'x' }, [{ path: '/email' }]],
    [{ email: 'a\ud800@b.c', password: 'x' }, [{ path: '/email' }]],
    [{ email: `${'a'.repeat(251)}@b.c`, password: 'x' }, [{ path: '/email' }]],
  ])('%j is told what is wrong where', async (body, errors) => {
    expect(await login(JSON.stringify(body))).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors },
    })
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'the member %s is an unknown one',
    async name => {
      const { status, body } = await login(`{${credentials},"${name}":{"admin":true}}`)
      expect([status, body.errors]).toEqual([400, [{ path: `/${name}`, message: 'is not known here' }]])
      expect(({} as { admin?: boolean }).admin).toBeUndefined()
    },
  )

  test('what was sent is never repeated', async () => {
    const secret = 'sEcReT-value'
    const answers = await Promise.all([
      login(JSON.stringify({ email: secret, password: 'x', other: secret })),
      login(JSON.stringify({ email: [secret], password: { secret } })),
      login(`{"email":"${secret}`),
      send({ method: 'GET', url: `/get_contacts?cursor=${secret}`, headers: { authorization: token } }),
      send({ method: 'GET', url: `/get_contacts?limit=${secret}`, headers: { authorization: token } }),
      send({ method: 'GET', url: `/${secret}?token=${secret}` }),
    ])
    for (const { status, body } of answers) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(JSON.stringify(body)).not.toContain(secret)
    }
    expect(world.logged.join()).not.toContain(secret)
  })

  test.each([
    ['firstname', { firstname: 'a\u0000' }],
    ['firstname', { firstname: '\udfff' }],
    ['lastname', { lastname: '\u0007' }],
    ['phone_number', { phone_number: '12\u000034' }],
    ['phone_number', { phone_number: '１２３４５６' }],
    ['email', { email: 'no email' }],
  ])('a bad %s never reaches the database', async (field, more) => {
    const account = {
      firstname: 'A',
      lastname: 'B',
      phone_number: '5551',
      email: 'n@domain.yup',
      password: 'SuperSecure',
    }
    const { status, body } = await world.ask('POST', '/create_user', { ...account, ...more })
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'invalid_request', `/${field}`])
  })

  test('over 16 KiB is too large, with and without saying so', async () => {
    const payload = JSON.stringify({ email: 'a@b.c', password: 'x'.repeat(16 * 1024) })
    expect(await login(payload)).toMatchObject({ status: 413, body: { code: 'too_large' } })
  })
})

describe('a content type', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json ; charset=utf8',
    'application/json; profile=x',
  ])('%s is JSON', async type => {
    expect(await login(`{${credentials}}`, { 'content-type': type })).toMatchObject({ status: 401 })
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/jsonp',
    'application/problem+json',
    'json',
    'text/html, application/json',
    ';',
    'a'.repeat(1_000),
  ])('%s is not', async type => {
    expect(await login(`{${credentials}}`, { 'content-type': type })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    })
  })

  test('none is none, and a compressed body is no JSON', async () => {
    expect(await login(Buffer.from(`{${credentials}}`), {})).toMatchObject({ status: 415 })
    expect(await login(`{${credentials}}`, { ...json, 'content-encoding': 'gzip' })).toMatchObject({
      status: 415,
    })
  })
})

describe('a query string', () => {
  const contacts = (query: string) =>
    send({ method: 'GET', url: `/get_contacts?${query}`, headers: { authorization: token } })

  test.each(['limit=1', 'limit=1000', 'limit=007', ''])('%j is fine', async query => {
    expect((await contacts(query)).status).toBe(200)
  })

  test.each([
    ['limit=0', '/limit'],
    ['limit=1001', '/limit'],
    ['limit=-1', '/limit'],
    ['limit=1e2', '/limit'],
    ['limit=', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['limit[]=1', '/limit[]'],
    ['cursor=x', '/cursor'],
    ['cursor=a&cursor=b', '/cursor'],
    [`cursor=${'a'.repeat(100)}`, '/cursor'],
    ['offset=1', '/offset'],
    ['__proto__=1', '/__proto__'],
  ])('%s is refused at %s', async (query, path) => {
    const { status, body } = await contacts(query)
    expect([status, body.code, body.errors?.[0].path]).toEqual([400, 'invalid_request', path])
  })
})

describe('the routes that change state by GET', () => {
  const email = 'query@domain.yup'
  test.each<[string, InjectOptions, number]>([
    ['a query string', { method: 'GET', url: `/get_reset_password_code?email=${email}` }, 400],
    [
      'a query string beside a body',
      { method: 'GET', url: '/get_reset_password_code?x=1', payload: { email } },
      400,
    ],
    ['no body', { method: 'GET', url: '/get_reset_password_code' }, 400],
    ['HEAD', { method: 'HEAD', url: '/get_reset_password_code', payload: { email } }, 405],
    [
      'no content type',
      {
        method: 'GET',
        url: '/get_reset_password_code',
        payload: Buffer.from(`{"email":"${email}"}`),
        headers: {},
      },
      415,
    ],
    [
      'a form',
      {
        method: 'GET',
        url: '/get_reset_password_code',
        payload: `{"email":"${email}"}`,
        headers: { 'content-type': 'text/plain' },
      },
      415,
    ],
    ['an empty JSON body', { method: 'GET', url: '/verify_reset_password_code', headers: json }, 400],
  ])('do nothing for %s', async (_what, options, status) => {
    expect((await world.app.inject(options)).statusCode).toBe(status)
    expect(world.node.wishes).toEqual([])
  })
})
