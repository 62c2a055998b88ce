import {
  expectEqual,
  expectInvalid,
  expectLike,
  expectProblem,
  expectStatus,
  expectTrue,
} from '../check/expect.js'
import { casesOf } from '../run/case.js'
import type { Trial } from '../run/trial.js'

const json = { 'content-type': 'application/json' }
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const login = (t: Trial, raw: string | Buffer, headers: Record<string, string> = json) =>
  t.rest('POST', '/login', { raw, headers })

export const form = casesOf('form', [
  [
    'problem',
    '2',
    'Errors are problem documents with type, title, status, detail and a stable code',
    async t => {
      expectProblem(await t.rest('GET', '/get_user'), 401, 'invalid_token')
      const { token } = await t.person()
      const body = { contact_phonenumber: t.number() }
      expectProblem(await t.rest('DELETE', '/delete_contact', { token, body }), 404, 'contact_not_found')
    },
  ],
  [
    'names-bad-members',
    '2',
    'Bad input names each member that is bad',
    async t => {
      const { firstname: _, ...person } = t.nobody()
      const missing = await t.rest('POST', '/create_user', { body: person })
      expectInvalid(missing)
      expectTrue(
        'an error about firstname',
        JSON.stringify(missing.body.errors).includes('firstname'),
        missing.body,
      )
      for (const wrong of [null, 7, [], {}]) {
        const answer = await t.rest('POST', '/login', { body: { email: wrong, password: 'SuperSecure' } })
        expectInvalid(answer)
        expectTrue('an error about email', JSON.stringify(answer.body.errors).includes('email'), answer.body)
      }
    },
  ],
  [
    'unknown-field',
    '2',
    'Unknown fields are bad input, in the body of a GET as well',
    async t => {
      const { token } = await t.person()
      for (const extra of ['admin', 'id', 'constructor', '']) {
        expectInvalid(await t.rest('POST', '/create_user', { body: { ...t.nobody(), [extra]: 'x' } }))
      }
      expectInvalid(
        await t.rest('PUT', '/put_firstname', { token, body: { firstname: 'Ada', lastname: 'K' } }),
      )
      expectInvalid(await t.rest('GET', '/get_user', { token, body: { email: 'a@b.cd' } }))
    },
  ],
  [
    'not-json',
    '2',
    'What is not a JSON object is bad input',
    async t => {
      for (const raw of ['{', '{"a":1,}', '{}{}', 'null', '[]', '"text"', '7', '\u0000', "{'a':1}"]) {
        expectInvalid(await login(t, raw))
      }
    },
  ],
  [
    'size',
    '2',
    '16 KiB of body are read, more is refused',
    async t => {
      const text = JSON.stringify({ email: t.nobody().email, password: 'SuperSecure' })
      const padded = (bytes: number) => text.replace(/}$/, '}'.padStart(bytes - text.length + 1))
      expectProblem(await login(t, padded(16 * 1024)), 401, 'invalid_credentials')
      expectStatus(await login(t, padded(16 * 1024 + 1)), 413, 400)
    },
  ],
  [
    'depth',
    '2',
    'JSON deeper than 8 is refused',
    async t => {
      for (const depth of [9, 40, 2_000]) {
        expectInvalid(await login(t, nested(depth)))
        expectInvalid(await login(t, `{"email":${'['.repeat(depth)}${']'.repeat(depth)}}`))
      }
    },
  ],
  [
    'content-type',
    '2',
    'JSON in: another content type is refused',
    async t => {
      const text = JSON.stringify({ email: 'a@example.org', password: 'SuperSecure' })
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
        expectStatus(await login(t, text, { 'content-type': type }), 415, 400)
      }
    },
  ],
  [
    'request-id',
    '2',
    'Every response carries an x-request-id of its own',
    async t => {
      const answers = await Promise.all([1, 2, 3].map(() => t.rest('GET', '/health/live')))
      const ids = answers.map(({ headers }) => headers['x-request-id'])
      expectEqual('ids that differ', new Set(ids).size, 3)
    },
  ],
  [
    'no-store',
    '2',
    'Every authenticated response is not to be stored',
    async t => {
      const { token } = await t.person()
      for (const path of [
        '/get_user',
        '/authenticate',
        '/get_contacts',
        '/export_user',
        '/get_call_history',
      ]) {
        const { headers } = await t.rest('GET', path, { token })
        const control = String(headers['cache-control'])
        expectTrue(`cache-control: no-store of ${path}`, control.includes('no-store'), control)
      }
    },
  ],
  [
    'authorization',
    '2',
    'The token comes bare, or after Bearer',
    async t => {
      const { token, email } = await t.person()
      for (const authorization of [token, `Bearer ${token}`]) {
        const answer = await t.rest('GET', '/get_user', { token: authorization })
        expectLike('the user', answer.body, { email })
      }
    },
  ],
  [
    'get-with-body',
    '2',
    'GET routes take no body, or an empty object',
    async t => {
      const { token, email } = await t.person()
      for (const options of [{}, { body: {} }, { headers: json }]) {
        expectLike('the user', (await t.rest('GET', '/get_user', { token, ...options })).body, { email })
        for (const path of ['/authenticate', '/get_contacts', '/get_blocked', '/get_call_history']) {
          expectStatus(await t.rest('GET', path, { token, ...options }), 200)
        }
      }
    },
  ],
  [
    'get-changes-by-body-alone',
    '2',
    'The two GETs that change state act on a JSON body, never on a query string or a HEAD',
    async t => {
      const query = 'email=a%40example.org&verify_code=EXAMPLE123'
      const body = { email: 'a@example.org', verify_code: 'EXAMPLE123' }
      for (const path of ['/get_reset_password_code', '/verify_reset_password_code']) {
        expectStatus(await t.rest('GET', `${path}?${query}`), 400, 415)
        const raw = JSON.stringify(body)
        expectStatus(await t.rest('GET', path, { raw, headers: { 'content-type': 'text/plain' } }), 400, 415)
        expectStatus(await t.rest('HEAD', path, { body }), 404, 405)
      }
    },
  ],
  [
    'unknown-route',
    '2',
    'An unknown route is refused as a problem document',
    async t => {
      const answer = await t.rest('GET', '/no_such_route')
      expectProblem(answer, 404, String(answer.body.code))
    },
  ],
  [
    'public-routes',
    '2',
    'Health, OpenAPI, docs and the public keys are there for everybody',
    async t => {
      for (const path of ['/health/live', '/health/ready', '/openapi.json', '/.well-known/jwks.json']) {
        expectStatus(await t.rest('GET', path), 200)
      }
      expectStatus(await t.rest('GET', '/docs'), 200, 301, 302, 307, 308)
      const { body } = await t.rest('GET', '/openapi.json')
      const paths = Object.keys((body.paths ?? {}) as object)
      for (const path of [
        '/create_user',
        '/login',
        '/get_reset_password_code',
        '/put_password',
        '/get_presence',
      ]) {
        expectTrue(`${path} in openapi.json`, paths.includes(path), paths)
      }
    },
  ],
])
