import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limits } from '../limits.js'
import { type RestWorld, restWorld } from './testing.js'

let world: RestWorld
let port: number
let token: string
beforeAll(async () => {
  world = await restWorld()
  port = Number(new URL(await world.app.listen({ port: 0, host: '127.0.0.1' })).port)
  token = (await world.person()).token
})
afterAll(() => world.close())

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Over a real connection. Without a length the body goes in chunks. */
function over(
  options: RequestOptions,
  body?: string | Buffer,
  headers: Record<string, string | number> = {},
) {
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = httpRequest({ port, ...options, headers }, response => {
      text(response).then(
        body => resolve({ status: response.statusCode, headers: response.headers, body }),
        reject,
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
const sized = (body: string, type?: string) => ({
  'content-length': Buffer.byteLength(body),
  ...(type && { 'content-type': type }),
})
const code = ({ body }: Answer) => JSON.parse(body).code

/** Bytes out, bytes back until the server hangs up. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let answer = ''
    socket.setEncoding('utf8').on('data', chunk => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}

describe('GET with a body', () => {
  const get = (body: string | undefined, headers: Record<string, string | number>) =>
    over({ path: '/get_user', method: 'GET' }, body, { authorization: token, ...headers })

  test.each([
    ['a JSON object and its type', '{}', sized('{}', 'application/json'), 200],
    ['a JSON object without a type', '{}', sized('{}'), 200],
    ['white space around it', ' {} \n', sized(' {} \n', 'application/json'), 200],
    ['nothing', undefined, {}, 200],
    ['a length of zero', undefined, { 'content-length': 0 }, 200],
    ['a type and nothing', undefined, { 'content-type': 'application/json' }, 200],
    [
      'a type and a length of zero',
      undefined,
      { 'content-type': 'application/json', 'content-length': 0 },
      200,
    ],
    [
      'a form of nothing',
      undefined,
      { 'content-type': 'application/x-www-form-urlencoded', 'content-length': 0 },
      200,
    ],
    ['chunks', '{}', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }, 200],
    ['chunks without a type', '{}', { 'transfer-encoding': 'chunked' }, 200],
    ['chunks of nothing', undefined, { 'transfer-encoding': 'chunked' }, 200],
    ['what curl -d sends', '{}', sized('{}', 'application/x-www-form-urlencoded'), 415],
    ['a member', '{"a":1}', sized('{"a":1}', 'application/json'), 400],
    ['an array', '[]', sized('[]', 'application/json'), 400],
    ['half an object', '{', sized('{', 'application/json'), 400],
    [
      'too much',
      ' '.repeat(limits.bodyBytes + 1),
      sized(' '.repeat(limits.bodyBytes + 1), 'application/json'),
      413,
    ],
  ])('%s', async (_what, body, headers, status) => {
    expect((await get(body, headers)).status).toBe(status)
  })

  test('the code by mail is asked for in chunks as well', async () => {
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    const answer = await over(
      { path: '/get_reset_password_code', method: 'GET' },
      '{"email":"a@b.c"}',
      headers,
    )
    expect(answer.status).toBe(202)
  })
})

describe('methods and paths', () => {
  test.each([
    ['HEAD', '/get_user', 405, 'GET'],
    ['HEAD', '/get_reset_password_code', 405, 'GET, POST'],
    ['POST', '/get_user', 405, 'GET'],
    ['GET', '/login', 405, 'POST'],
    ['DELETE', '/put_firstname?x=1', 405, 'PUT'],
    ['PATCH', '/get_contacts', 405, 'GET'],
    ['OPTIONS', '/login', 405, 'POST'],
    ['TRACE', '/get_user', 405, 'GET'],
    ['PROPFIND', '/health/live', 405, 'GET'],
    ['GET', '/', 404, undefined],
    ['GET', '/nowhere', 404, undefined],
    ['POST', '/Login', 404, undefined],
    ['GET', '/get_user/', 404, undefined],
    ['GET', '/../keys/tokenSecret.key', 404, undefined],
  ])('%s %s is %i', async (method, path, status, allow) => {
    const answer = await over({ path, method })
    expect([answer.status, answer.headers.allow]).toEqual([status, allow])
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    if (method !== 'HEAD') expect(code(answer)).toBe(status === 404 ? 'not_found' : 'method_not_allowed')
  })

  test('a wrong route wins over a wrong body', async () => {
    const body = '{'.repeat(limits.bodyBytes + 1)
    expect((await over({ path: '/nowhere', method: 'POST' }, body, sized(body, 'text/plain'))).status).toBe(
      404,
    )
  })

  test('a malformed URL is bad input', async () => {
    for (const path of ['/%', '/%zz', '/%c0%af']) {
      const answer = await over({ path, method: 'GET' })
      expect([answer.status, code(answer)]).toEqual([400, 'invalid_request'])
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    }
  })
})

describe('a body that is too large', () => {
  const big = Buffer.alloc(2 * 1024 * 1024, 0x20)

  test.each([
    ['of a known length', { 'content-type': 'application/json', 'content-length': big.length }],
    ['in chunks', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }],
  ])('%s is refused so that the client can read it', async (_what, headers) => {
    for (let i = 0; i < 5; i++) {
      const answer = await over({ path: '/login', method: 'POST' }, big, headers)
      expect([answer.status, code(answer)]).toEqual([413, 'too_large'])
    }
  })
})

describe('what is not HTTP', () => {
  const host = 'host: x\r\n'
  test.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['an unknown method', `FOO / HTTP/1.1\r\n${host}\r\n`, 400],
    ['no Host', 'GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    [
      'a length and chunks',
      `POST /login HTTP/1.1\r\n${host}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['two lengths', `POST /login HTTP/1.1\r\n${host}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 400],
    ['a folded field', `GET / HTTP/1.1\r\n${host}a: b\r\n c\r\n\r\n`, 400],
    ['a bare line feed', `GET / HTTP/1.1\r\n${host}a: b\n\r\n`, 400],
    ['fields without end', `GET / HTTP/1.1\r\n${host}a: ${'b'.repeat(20_000)}\r\n\r\n`, 431],
    [
      '101 fields',
      `GET /health/live HTTP/1.1\r\n${host}connection: close\r\n${'a: b\r\n'.repeat(99)}\r\n`,
      400,
    ],
  ])('%s gets a problem document', async (_what, bytes, status) => {
    const answer = await raw(bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/i)
    expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json; charset=utf-8\r\n/i)
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({ status })
  })

  test('3,000 fields are refused, by us or by newer versions of Node', async () => {
    const answer = await raw(
      `GET /health/live HTTP/1.1\r\n${host}connection: close\r\n${'a:\r\n'.repeat(3_000)}\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 4(00|31) .*application\/problem\+json/s)
  })

  test('a hundred fields, a __proto__ field and an odd expectation are fine', async () => {
    const ask = (fields: string) =>
      raw(`GET /health/live HTTP/1.1\r\n${host}connection: close\r\n${fields}\r\n`)
    for (const fields of ['a: b\r\n'.repeat(98), '__proto__: x\r\n', 'expect: the-unexpected\r\n']) {
      expect(await ask(fields)).toMatch(/^HTTP\/1.1 200 /)
    }
  })

  test('where sockets are, HTTP is told so', async () => {
    const answer = await over({ path: '/signal?a=b', method: 'GET' })
    expect([answer.status, code(answer)]).toEqual([426, 'upgrade_required'])
    expect(answer.headers).toMatchObject({ upgrade: 'websocket', connection: 'close, upgrade' })
  })

  test('a client that asks for HTTP/2 as well is served', async () => {
    const body = '{"email":"nobody@domain.yup","password":"SuperSecure"}'
    const type = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`
    const h2c = 'connection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAA\r\n'
    expect(await raw(`GET /health/live HTTP/1.1\r\n${host}${h2c}\r\n`)).toMatch(/^HTTP\/1.1 200 /)
    const answer = await raw(`POST /login HTTP/1.1\r\n${host}${h2c}${type}\r\n${body}`)
    expect(answer).toMatch(/^HTTP\/1.1 401 .*invalid_credentials/s)
  })

  test('a client that goes away mid-body leaves no trace', async () => {
    const before = world.logged.length
    const socket = connect(port, '127.0.0.1')
    socket.write(
      `POST /login HTTP/1.1\r\n${host}content-type: application/json\r\ncontent-length: 100\r\n\r\n{"email`,
    )
    await new Promise(resolve => socket.once('connect', resolve))
    socket.destroy()
    expect((await over({ path: '/health/live' })).status).toBe(200)
    // But for the lines that say, at debug, which route was asked for.
    const failures = world.logged
      .slice(before)
      .filter(line => !line.includes('"msg":"a request is answered"'))
    expect(failures).toEqual([])
  })
})

test('slow clients have the bounds of limits.ts, and Node looks often enough', () => {
  const { server } = world.app
  expect([server.headersTimeout, server.requestTimeout, server.keepAliveTimeout]).toEqual([
    limits.headersMs,
    limits.requestMs,
    limits.keepAliveMs,
  ])
})
