import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { base64url, decodeJwt, decodeProtectedHeader, exportJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { rotateKeys } from './key-file.js'
import { addUser, outcome, type TestNode, testDeployment } from './testing.js'

let deployment: Awaited<ReturnType<typeof testDeployment>>
let node: TestNode
let user: Awaited<ReturnType<typeof addUser>>
let token: string
beforeAll(async () => {
  deployment = await testDeployment()
})
beforeEach(async () => {
  node = await deployment.node()
  user = await addUser(node)
  token = (await node.sessions.login(user.email, user.password)).token
})
afterAll(() => deployment.close())

const access = (text: string) => outcome(node.sessions.access(text))
const put = (text: string, email = user.email) =>
  outcome(node.sessions.resetPassword(text, email, 'betterPassword123'))
const part = (value: object) => base64url.encode(JSON.stringify(value))

async function resetToken(): Promise<string> {
  const issued = await node.resetCodes.issue(user.email)
  return (await node.sessions.verifyResetCode(user.email, issued?.code ?? '')).token
}

/** Signed by the server's own key, and wrong in one thing. */
async function signed(claims: object, header: object = {}): Promise<string> {
  const privateKey = createPrivateKey(await readFile(deployment.keyFile))
  const payload = { ...decodeJwt(token), ...claims }
  const protectedHeader = { ...decodeProtectedHeader(token), ...header } as { alg: string }
  return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(privateKey)
}

test('a token says what the contract lists, and the JWKS has its key', async () => {
  const header = decodeProtectedHeader(token)
  const [key] = node.sessions.jwks().keys
  expect(header).toEqual({ alg: 'ES256', kid: key?.kid, typ: 'at+jwt' })
  const claims = decodeJwt(token)
  expect(claims).toMatchObject({ iss: 'switchboard', aud: 'switchboard', sub: user.id, purpose: 'access' })
  for (const claim of ['sid', 'jti', 'iat', 'exp']) expect(claims).toHaveProperty(claim)
  expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256' })
  expect(key).not.toHaveProperty('d')
})

describe('each token is good for its own purpose alone', () => {
  test('access passes for access, reset for a new password, and nothing else', async () => {
    const reset = await resetToken()
    expect(await access(token)).toBe('accepted')
    expect(await access(reset)).toBe('invalid_token')
    expect(await put(token)).toBe('invalid_token')
    expect(await put(reset)).toBe('accepted')
  })

  test('neither does one that says both', async () => {
    const reset = await resetToken()
    expect(await access(await signed({ purpose: 'reset' }))).toBe('invalid_token')
    expect(await access(await signed({}, { typ: 'reset+jwt' }))).toBe('invalid_token')
    expect(await put(await signed({ ...decodeJwt(reset), purpose: 'access' }, { typ: 'reset+jwt' }))).toBe(
      'invalid_token',
    )
    expect(await put(await signed({ ...decodeJwt(reset) }))).toBe('invalid_token')
  })
})

describe('forged', () => {
  const wrongClaims: [string, object][] = [
    ['another issuer', { iss: 'somebody' }],
    ['another audience', { aud: 'somebody' }],
    ['no audience', { aud: undefined }],
    ['no subject', { sub: undefined }],
    ['no login', { sid: undefined }],
    ['no id', { jti: undefined }],
    ['no issue time', { iat: undefined }],
    ['no expiry', { exp: undefined }],
    ['an expiry that is no number', { exp: 'tomorrow' }],
    ['a login that is no string', { sid: 7 }],
    ['expired beyond the leeway', { exp: Math.floor(Date.now() / 1_000) - 62 }],
    ['not yet good', { nbf: Math.floor(Date.now() / 1_000) + 120 }],
    ['no purpose', { purpose: undefined }],
    ['a login that is unknown', { sid: '01890000-0000-7000-8000-000000000000' }],
    ['somebody else’s login', { sub: '01890000-0000-7000-8000-000000000000' }],
  ]
  test.each(wrongClaims)('signed by us, but with %s', async (_name, claims) => {
    expect(await access(await signed(claims))).toBe('invalid_token')
  })

  test.each([
    ['critical and unknown', { crit: ['b64'], b64: true }],
    ['of no type', { typ: undefined }],
    ['of another type', { typ: 'JWT' }],
  ])('signed by us, but its header is %s', async (_name, header) => {
    expect(await access(await signed({}, header))).toBe('invalid_token')
  })

  test('signed by us, but what it says is no object', async () => {
    const key = createPrivateKey(await readFile(deployment.keyFile))
    for (const said of ['[]', 'null', '"at+jwt"', '{', '\xff']) {
      const payload = Buffer.from(said, 'latin1').toString('base64url')
      const signing = `${token.split('.')[0]}.${payload}`
      const signature = sign('sha256', Buffer.from(signing), { key, dsaEncoding: 'ieee-p1363' })
      expect(await access(`${signing}.${signature.toString('base64url')}`)).toBe('invalid_token')
    }
  })

  test('within the leeway an expired one is still good', async () => {
    expect(await access(await signed({ exp: Math.floor(Date.now() / 1_000) - 55 }))).toBe('accepted')
  })

  test.each(['none', 'nOnE', 'NONE', ''])('alg %j', async alg => {
    const [, payload, signature] = token.split('.')
    const header = part({ ...decodeProtectedHeader(token), alg })
    expect(await access(`${header}.${payload}.`)).toBe('invalid_token')
    expect(await access(`${header}.${payload}.${signature}`)).toBe('invalid_token')
  })

  test.each(['HS256', 'HS384', 'HS512'])('%s with the public key as the secret', async alg => {
    const publicKey = createPublicKey(createPrivateKey(await readFile(deployment.keyFile)))
    const pem = publicKey.export({ type: 'spki', format: 'pem' })
    const signing = `${part({ ...decodeProtectedHeader(token), alg })}.${token.split('.')[1]}`
    for (const secret of [pem, publicKey.export({ type: 'spki', format: 'der' }), '']) {
      const signature = createHmac(`sha${alg.slice(2)}`, secret)
        .update(signing)
        .digest('base64url')
      expect(await access(`${signing}.${signature}`)).toBe('invalid_token')
    }
  })

  test('a key of the attacker’s own, offered in every way a header can', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = await exportJWK(publicKey)
    const headers = [
      {},
      { jwk },
      { jku: 'https://attacker.example/keys.json' },
      { x5u: 'https://attacker.example/key.pem' },
      { x5c: [publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
      { kid: undefined, jwk },
      { kid: '../../../dev/null' },
      { kid: "' or 1=1 --" },
      { kid: '__proto__' },
    ]
    for (const header of headers) {
      const forged = await new SignJWT(decodeJwt(token))
        .setProtectedHeader({ ...decodeProtectedHeader(token), ...header } as { alg: string })
        .sign(privateKey)
      expect(await access(forged)).toBe('invalid_token')
    }
  })

  test('tampered with, cut short or no token at all', async () => {
    const [header, payload, signature = ''] = token.split('.')
    const claims = part({ ...decodeJwt(token), sub: node.newId() })
    const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
    const tries = [
      `${header}.${claims}.${signature}`,
      `${header}.${payload}.${flipped}`,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      `${header}.${payload}`,
      `${header}.${payload}.${signature}.${signature}`,
      '',
      '..',
      'null',
      '\0',
      'x'.repeat(100_000),
      `${token} ${token}`,
    ]
    for (const text of tries) expect(await access(text)).toBe('invalid_token')
    expect(await access(token)).toBe('accepted')
  })
})

test('a remembered token is not remembered past its end, nor in another spelling past its login', async () => {
  expect(await access(token)).toBe('accepted')
  const again = { ...(await node.sessions.access(token)) }
  await node.sessions.logout(again)
  const spelledOtherwise = await signed({})
  for (const dead of [token, spelledOtherwise]) expect(await access(dead)).toBe('invalid_token')

  token = (await node.sessions.login(user.email, user.password)).token
  expect(await access(token)).toBe('accepted')
  node.clock.advance(86_400_000 + 61_000)
  expect(await access(token)).toBe('invalid_token')
})

test('a rotation logs nobody out, on the node that knows and on the one that does not yet', async () => {
  const other = await deployment.node()
  await rotateKeys(deployment.keyFile)
  expect(await access(token)).toBe('accepted')
  expect(await outcome(other.sessions.access(token))).toBe('accepted')
  node.clock.advance(1_000)
  const renewed = await node.sessions.renew(await node.sessions.access(token))
  expect(decodeProtectedHeader(renewed.token).kid).not.toBe(decodeProtectedHeader(token).kid)
  expect(await outcome(other.sessions.access(renewed.token))).toBe('accepted')
  expect(other.sessions.jwks().keys).toHaveLength(2)
})
