import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { expectProblem } from '../expectations.js'
import { running } from '../running.js'

const part = (token: string, at: number) =>
  JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>

describe('logging in', () => {
  const server = running()
  const login = (email: string, password: string) =>
    server.rest('POST', '/login', { body: { email, password } })

  it('answers an unknown email and a wrong password alike', async () => {
    const account = await server.join()
    const wrong = await login(account.email, 'Not The Password 1')
    const unknown = await login('nobody.at.all@example.org', 'Not The Password 1')
    expectProblem(wrong, 401, 'invalid_credentials')
    expectProblem(unknown, 401, 'invalid_credentials')
    expect({ ...wrong.body, instance: '' }).toEqual({ ...unknown.body, instance: '' })
  })

  it('answers an unknown email and a wrong password in the same time', async () => {
    const account = await server.join()
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
    for (let round = 0; round < 25; round++) {
      for (const kind of ['known', 'unknown'] as const) {
        const since = performance.now()
        await login(kind === 'known' ? account.email : `nobody.${round}@example.org`, 'Not The Password 1')
        times[kind].push(performance.now() - since)
      }
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0
    const [known, unknown] = [median(times.known), median(times.unknown)]
    expect(Math.abs(known - unknown) / Math.max(known, unknown)).toBeLessThan(0.5)
  })

  it('takes the token bare and after Bearer', async () => {
    const { token, email } = await server.join()
    for (const authorization of [token, `Bearer ${token}`, `bearer ${token}`]) {
      const response = await server.rest('GET', '/get_user', { headers: { authorization } })
      expect(response.body).toMatchObject({ email })
      expect(response.headers['cache-control']).toContain('no-store')
      expect(response.headers['x-request-id']).toEqual(expect.any(String))
    }
  })

  it('issues tokens with the claims of the contract, signed by the published key', async () => {
    const { token } = await server.join()
    const header = part(token, 0)
    expect(header).toMatchObject({ alg: expect.any(String), kid: expect.any(String) })
    expect(['none', 'HS256']).not.toContain(header.alg)
    const claims = part(token, 1)
    for (const claim of ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp'])
      expect(claims).toHaveProperty(claim)
    expect(Number(claims.exp) - Number(claims.iat)).toBe(86_400)

    const { body } = await server.rest('GET', '/.well-known/jwks.json')
    const key = (body.keys as Record<string, unknown>[]).find(each => each.kid === header.kid)
    expect(key).toBeDefined()
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret)
    const [head, payload, signature] = token.split('.')
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
    const digest = publicKey.asymmetricKeyType === 'ed25519' ? null : 'sha256'
    const how = publicKey.asymmetricKeyType === 'ec' ? { dsaEncoding: 'ieee-p1363' as const } : {}
    expect(
      verify(
        digest,
        Buffer.from(`${head}.${payload}`),
        { key: publicKey, ...how },
        Buffer.from(signature ?? '', 'base64url'),
      ),
    ).toBe(true)
  })

  it('renews a token: both stand, and belong to one session', async () => {
    const { token } = await server.join()
    const renewed = await server.rest('GET', '/authenticate', { token })
    expect(renewed.status).toBe(200)
    const fresh = String(renewed.body.token)
    expect(fresh).not.toBe(token)
    expect(part(fresh, 1).sid).toBe(part(token, 1).sid)
    expect(part(fresh, 1).jti).not.toBe(part(token, 1).jti)
    expect((await server.rest('GET', '/get_user', { token: fresh })).status).toBe(200)
    await server.rest('POST', '/logout', { token: fresh })
    for (const dead of [fresh, token]) {
      expectProblem(await server.rest('GET', '/get_user', { token: dead }), 401, 'invalid_token')
    }
  })

  const routes = [
    ['GET', '/authenticate'],
    ['GET', '/get_user'],
    ['POST', '/add_contact'],
    ['GET', '/get_contacts'],
    ['DELETE', '/delete_contact'],
    ['PUT', '/put_firstname'],
    ['PUT', '/put_lastname'],
    ['PUT', '/put_phonenumber'],
    ['PUT', '/put_password'],
    ['PUT', '/change_password'],
    ['POST', '/logout'],
    ['POST', '/logout_everywhere'],
    ['DELETE', '/delete_user'],
    ['GET', '/export_user'],
    ['GET', '/get_turn_credentials'],
    ['GET', '/get_call_history'],
    ['GET', '/get_presence'],
    ['PUT', '/block_number'],
    ['DELETE', '/unblock_number'],
    ['GET', '/get_blocked'],
  ] as const
  const bodies: Record<string, object> = {
    '/add_contact': { contact_phonenumber: '1212121212' },
    '/delete_contact': { contact_phonenumber: '1212121212' },
    '/put_firstname': { firstname: 'Eve' },
    '/put_lastname': { lastname: 'Eve' },
    '/put_phonenumber': { phonenumber: '1313131313' },
    '/put_password': { email: 'somenice@domain.yup', new_password: 'betterPassword123' },
    '/change_password': { current_password: 'SuperSecure', new_password: 'betterPassword123' },
    '/delete_user': { password: 'SuperSecure' },
    '/block_number': { phone_number: '1212121212' },
    '/unblock_number': { phone_number: '1212121212' },
  }

  it.each(routes)('%s %s wants a token that stands', async (method, path) => {
    const { token } = await server.join()
    const [head, payload, signature] = token.split('.') as [string, string, string]
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    const claims = { ...part(token, 1), sub: '0190b0a0-0000-7000-8000-000000000000' }
    const forged = Buffer.from(JSON.stringify(claims)).toString('base64url')
    const attempts = [
      undefined,
      '',
      'nonsense',
      'Bearer',
      `Basic ${token}`,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${head}.${forged}.${signature}`,
      `${head}.${payload}`,
      `${token}x.y`,
      'a'.repeat(6_000),
    ]
    for (const attempt of attempts) {
      const body = bodies[path]
      expectProblem(
        await server.rest(method, path, { token: attempt, ...(body && { body }) }),
        401,
        'invalid_token',
      )
    }
  })

  it('refuses an access token where a reset token is due', async () => {
    const { token, email } = await server.join()
    const body = { email, new_password: 'betterPassword123' }
    expectProblem(await server.rest('PUT', '/put_password', { token, body }), 401, 'invalid_token')
  })
})

describe('tokens that expire', () => {
  const server = running({ env: { TOKEN_TTL_SECONDS: '120' } })

  it('live for TOKEN_TTL_SECONDS', async () => {
    const { token } = await server.join()
    const claims = part(token, 1)
    expect(Number(claims.exp) - Number(claims.iat)).toBe(120)
  })
})
