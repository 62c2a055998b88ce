import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { aText, expectEqual, expectLike, expectProblem, expectStatus, expectTrue } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import { expectClosed, expectDead } from './scenes.js'

const part = (token: string, at: number) =>
  JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>

const guarded = [
  ...['GET /authenticate', 'GET /get_user', 'GET /get_contacts', 'PUT /put_firstname', 'POST /logout'],
  ...[
    'GET /export_user',
    'GET /get_presence',
    'GET /get_call_history',
    'PUT /put_password',
    'GET /get_blocked',
  ],
]
const bodies: Readonly<Record<string, object>> = {
  '/put_firstname': { firstname: 'Eve' },
  '/put_password': { email: 'a@example.org', new_password: 'betterPassword123' },
}

export const tokens = casesOf('tokens', [
  [
    'claims',
    '2',
    'A token is a JWT with kid, iss, aud, sub, sid, jti, iat and exp',
    async t => {
      const { token } = await t.person()
      const header = part(token, 0)
      expectLike('the header', header, { alg: aText, kid: aText })
      expectTrue('an algorithm of the server’s key', header.alg !== 'none', header)
      const claims = part(token, 1)
      for (const claim of ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp'])
        expectTrue(`the claim ${claim}`, Object.hasOwn(claims, claim), Object.keys(claims))
    },
  ],
  [
    'signed-by-published-key',
    '2',
    'A token is signed by a key of /.well-known/jwks.json, where no private part stands',
    async t => {
      const { token } = await t.person()
      const { body } = await t.rest('GET', '/.well-known/jwks.json')
      const key = (body.keys as JsonWebKey[]).find(each => each.kid === part(token, 0).kid)
      if (!key) return expectTrue('the key of the token’s kid', false, body)
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
        expectTrue('public members alone', !Object.hasOwn(key, secret), Object.keys(key))
      const [head, payload, signature = ''] = token.split('.')
      const publicKey = createPublicKey({ key, format: 'jwk' })
      const digest = publicKey.asymmetricKeyType === 'ed25519' ? null : 'sha256'
      const how = publicKey.asymmetricKeyType === 'ec' ? { dsaEncoding: 'ieee-p1363' as const } : {}
      const signed = Buffer.from(`${head}.${payload}`)
      const good = verify(digest, signed, { key: publicKey, ...how }, Buffer.from(signature, 'base64url'))
      expectTrue('a good signature', good, 'a bad one')
    },
  ],
  [
    'renew',
    '2',
    'authenticate renews a token: both stand, and are of one login',
    async t => {
      const { token } = await t.person()
      const { body } = await t.rest('GET', '/authenticate', { token })
      const fresh = String(body.token)
      t.secret(fresh, 'renewed token')
      expectEqual('the login', part(fresh, 1).sid, part(token, 1).sid)
      expectTrue('another jti', part(fresh, 1).jti !== part(token, 1).jti, 'the same')
      expectStatus(await t.rest('GET', '/get_user', { token: fresh }), 200)
      expectStatus(await t.rest('POST', '/logout', { token: fresh }), 204)
      for (const dead of [fresh, token]) await expectDead(t, dead)
    },
  ],
  [
    'forged',
    '2',
    'Nothing but a token of the server opens a route: none, unsigned, changed or cut ones do not',
    async t => {
      const { token } = await t.person()
      const [head, payload, signature] = token.split('.') as [string, string, string]
      const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
      const claims = { ...part(token, 1), sub: '0190b0a0-0000-7000-8000-000000000000' }
      const forged = Buffer.from(JSON.stringify(claims)).toString('base64url')
      const attempts = [
        ...[undefined, '', 'nonsense', 'Bearer', `Basic ${token}`, `${none}.${payload}.`],
        ...[`${none}.${payload}.${signature}`, `${head}.${forged}.${signature}`, `${head}.${payload}`],
      ]
      for (const route of guarded) {
        const [method = '', path = ''] = route.split(' ')
        const body = bodies[path]
        const ask = (attempt: string | undefined) =>
          t.rest(method, path, { token: attempt, ...(body && { body }) })
        for (const answer of await Promise.all(attempts.map(ask))) expectProblem(answer, 401, 'invalid_token')
      }
    },
  ],
  [
    'purpose',
    '2',
    'An access token is no reset token',
    async t => {
      const { token, email } = await t.person()
      const body = { email, new_password: 'betterPassword123' }
      expectProblem(await t.rest('PUT', '/put_password', { token, body }), 401, 'invalid_token')
    },
  ],
  [
    'socket-lives-as-long-as-the-login',
    '2',
    'A socket opened with a token that was renewed since lives on, and dies with the login',
    async t => {
      const device = await t.device()
      const { token } = device.account
      const { body } = await t.rest('GET', '/authenticate', { token })
      t.secret(String(body.token), 'renewed token')
      expectEqual('what came', await device.fence(), [])
      expectStatus(await t.rest('POST', '/logout', { token: String(body.token) }), 204)
      await expectClosed(device.closed, 2_000, 4403)
    },
  ],
])
