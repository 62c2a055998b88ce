import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { expectInvalid, expectProblem } from '../expectations.js'
import { person } from '../people.js'
import { running } from '../running.js'

const json = { 'content-type': 'application/json' }
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

describe('bad input over REST', () => {
  const server = running()
  const create = (raw: string | Buffer, headers: Record<string, string> = json) =>
    server.rest('POST', '/create_user', { raw, headers })
  const goesOn = async () => expect((await server.rest('GET', '/health/ready')).status).toBe(200)

  const wrong: unknown[] = [null, true, 7, 1e308, [], ['x'], {}, { toString: 'x' }, [[[['x']]]]]
  it.each(wrong.map(value => [JSON.stringify(value), value]))(
    '%s in the place of a string',
    async (_, value) => {
      for (const field of ['firstname', 'lastname', 'phone_number', 'email', 'password']) {
        const response = await server.rest('POST', '/create_user', { body: { ...person(), [field]: value } })
        expectInvalid(response)
        expect(JSON.stringify(response.body.errors)).toContain(field)
      }
      for (const field of ['email', 'password']) {
        const body = { email: 'a@b.cd', password: 'SuperSecure', [field]: value }
        expectInvalid(await server.rest('POST', '/login', { body }))
      }
    },
  )

  it.each(['null', '[]', '"text"', '7', 'true', '[{}]'])('%s in the place of an object', async raw => {
    expectInvalid(await create(raw))
    expectInvalid(await server.rest('POST', '/login', { raw, headers: json }))
  })

  it.each([
    '',
    '{',
    '{"firstname": "Ma',
    '{"firstname": }',
    "{'firstname': 'Mara'}",
    '{"a":1}}',
    '{}{}',
    '\u0000',
    '{"a":NaN}',
    '{"a":1,}',
    '// {}',
    '\ufeff',
  ])('not JSON: %j', async raw => {
    expectInvalid(await create(raw))
    await goesOn()
  })

  it('bytes that are not UTF-8', async () => {
    const valid = JSON.stringify(person({ firstname: 'Ma?ra' }))
    const at = valid.indexOf('?')
    const bytes = Buffer.from(valid)
    bytes[at] = 0xff
    expectInvalid(await create(bytes))
  })

  it('an unknown field', async () => {
    for (const extra of ['admin', 'role', 'id', 'constructor', 'toString', '']) {
      const response = await server.rest('POST', '/create_user', { body: { ...person(), [extra]: 'x' } })
      expectInvalid(response)
    }
    const { token } = await server.join()
    const body = { firstname: 'Mara', lastname: 'Other' }
    expectInvalid(await server.rest('PUT', '/put_firstname', { token, body }))
  })

  it('__proto__, as a field and within one', async () => {
    const text = JSON.stringify(person()).slice(0, -1)
    for (const tail of [
      ',"__proto__":{"admin":true}}',
      ',"constructor":{"prototype":{"admin":true}}}',
      ',"__proto__":null}',
      ',"\\u005f_proto__":{"email":"x@y.zz"}}',
    ]) {
      expectInvalid(await create(text + tail))
    }
    expectInvalid(await create('{"__proto__":{"email":"a@b.cd","password":"SuperSecure"}}'))
    const { body } = await server.rest('GET', '/health/ready')
    expect(body).not.toHaveProperty('admin')
  })

  it('a field said twice', async () => {
    const text = JSON.stringify(person()).slice(0, -1)
    expectInvalid(await create(`${text},"email":"eve@example.org"}`))
    expectInvalid(await create(`${text},"e\\u006dail":"eve@example.org"}`))
  })

  it.each([9, 40, 2_000])('nesting of %i', async depth => {
    expectInvalid(await create(nested(depth)))
    expectInvalid(await create(`{"firstname":${'['.repeat(depth)}${']'.repeat(depth)}}`))
    await goesOn()
  })

  it('a body over 16 KiB, stated or streamed', async () => {
    const big = JSON.stringify(person({ firstname: 'x'.repeat(17 * 1024) }))
    expectProblem(await create(big), 413, 'too_large')
    expectProblem(await create(big, { ...json, 'transfer-encoding': 'chunked' }), 413, 'too_large')
    await goesOn()
  })

  it('a body of 16 KiB is read', async () => {
    const text = JSON.stringify({ email: 'a@b.cd', password: 'SuperSecure' })
    const padded = text.replace(/}$/, '}'.padStart(16 * 1024 - text.length + 1))
    const response = await server.rest('POST', '/login', { raw: padded, headers: json })
    expectProblem(response, 401, 'invalid_credentials')
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'nonsense',
    'application/jsonp',
  ])('a content type of %s', async type => {
    const response = await create(JSON.stringify(person()), { 'content-type': type })
    expectProblem(response, 415, 'unsupported_media_type')
  })

  it('keeps half surrogates, NUL and overlong text out of every field', async () => {
    for (const bad of ['\ud800', 'x\udfff', 'a\u0000b', '\u0000']) {
      for (const field of ['firstname', 'phone_number', 'email']) {
        expectInvalid(await create(JSON.stringify({ ...person(), [field]: bad })))
      }
      const login = await server.rest('POST', '/login', { body: { email: bad, password: bad } })
      expect([400, 401]).toContain(login.status)
      const password = `Kestrel ${bad} marigold`
      const response = await create(JSON.stringify(person({ password })))
      expect([201, 400]).toContain(response.status)
    }
    for (const field of ['firstname', 'lastname', 'phone_number', 'email']) {
      expectInvalid(await create(JSON.stringify({ ...person(), [field]: 'a'.repeat(5_000) })))
    }
    const long = await create(JSON.stringify(person({ password: 'ab '.repeat(3_000) })))
    expect(long.status).toBe(400)
  })

  it('SQL and templates are text', async () => {
    const trick = "Robert'); DROP TABLE users;-- <%= 7*7 %> {{7*7}} <b>"
    const { token } = await server.join({ firstname: trick })
    const { body } = await server.rest('GET', '/get_user', { token })
    expect(body.firstname).toBe(trick)
  })

  it('paths that are not well formed', async () => {
    for (const path of [
      '/%',
      '/%00',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/get_contacts?limit=%',
      '/..;/login',
      '/docs/%2e%2e/%2e%2e/x',
    ]) {
      const { status } = await server.rest('GET', path)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    }
  })

  it('raw bytes in the place of HTTP', async () => {
    const { hostname, port } = new URL(server.api)
    const pid = server.pid
    const attempts = [
      '\u0000\u0001\u0002',
      'GET / HTTP/9.9\r\n\r\n',
      'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'GET /get_user HTTP/1.1\r\nHost: x\r\n__proto__: x\r\nauthorization: x\r\nConnection: close\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(3000)}\r\n`,
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x\r\n\r\n',
    ]
    for (const bytes of attempts) {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => socket.end(bytes, 'latin1'))
        let text = ''
        socket.on('data', chunk => {
          text += chunk.toString('latin1')
        })
        socket.on('close', () => resolve(text))
        socket.on('error', reject)
      }).catch(() => '')
      expect(answer).not.toMatch(/^HTTP\/1.1 5/)
    }
    await goesOn()
    expect(server.pid).toBe(pid)
  })
})
