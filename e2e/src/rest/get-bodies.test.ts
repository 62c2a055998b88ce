import { describe, expect, it } from 'vitest'
import { expectInvalid, expectProblem } from '../expectations.js'
import type { RestOptions } from '../rest-client.js'
import { running } from '../running.js'

const json = { 'content-type': 'application/json' }

describe('GET with a body', () => {
  const server = running()

  it.each<[string, RestOptions]>([
    ['no body', {}],
    ['an empty object', { body: {} }],
    [
      'an empty object with a charset',
      { raw: '{}', headers: { 'content-type': 'application/json; charset=utf-8' } },
    ],
    ['an empty body and a JSON content type', { headers: json }],
    ['an empty body of stated length', { raw: '', headers: { ...json, 'content-length': '0' } }],
    ['an empty chunked body', { headers: { ...json, 'transfer-encoding': 'chunked' } }],
    [
      'an empty body and a content type of forms',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['an empty object without a content type', { raw: '{}' }],
  ])('works with %s', async (_, options) => {
    const { token, email } = await server.join()
    const user = await server.rest('GET', '/get_user', { token, ...options })
    expect({ status: user.status, text: user.text }).toMatchObject({ status: 200 })
    expect(user.body.email).toBe(email)
    for (const path of ['/authenticate', '/get_contacts', '/get_call_history', '/get_blocked']) {
      const response = await server.rest('GET', path, { token, ...options })
      expect({ path, status: response.status }).toEqual({ path, status: 200 })
    }
  })

  it('lets the bodyless POST routes go without one, and with an empty object', async () => {
    for (const options of [{}, { body: {} }, { headers: json }]) {
      const { token } = await server.join()
      expect((await server.rest('POST', '/logout', { token, ...options })).status).toBe(204)
    }
  })

  it('refuses unknown fields there as well', async () => {
    const { token } = await server.join()
    expectInvalid(await server.rest('GET', '/get_user', { token, body: { email: 'a@b.cd' } }))
  })

  it('changes state by a JSON body alone: not by a query string, another content type, or a HEAD', async () => {
    const { email } = await server.join()
    const query = `email=${encodeURIComponent(email)}&verify_code=EXAMPLE123`
    for (const path of ['/get_reset_password_code', '/verify_reset_password_code']) {
      for (const method of ['GET', 'POST']) {
        const byQuery = await server.rest(method, `${path}?${query}`)
        expect([400, 415]).toContain(byQuery.status)
        const byForm = await server.rest(method, path, {
          raw: query,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
        expectProblem(byForm, 415, 'unsupported_media_type')
        const asText = await server.rest(method, path, {
          raw: JSON.stringify({ email, verify_code: 'EXAMPLE123' }),
          headers: { 'content-type': 'text/plain' },
        })
        expectProblem(asText, 415, 'unsupported_media_type')
      }
      const head = await server.rest('HEAD', path, { body: { email, verify_code: 'EXAMPLE123' } })
      expect([404, 405]).toContain(head.status)
    }
  })
})
