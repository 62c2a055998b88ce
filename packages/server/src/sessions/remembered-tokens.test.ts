import { createPrivateKey } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoginId, UserId } from '@switchboard/protocol'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { limits } from '../limits.js'
import { createLogger } from '../log.js'
import { openKeyRing } from './keys.js'
import { outcome } from './testing.js'
import { createTokens } from './tokens.js'

const lifeMs = 60_000
const claims = {
  userId: 'somebody' as UserId,
  loginId: 'a login' as LoginId,
  tokenId: 'a token',
  generation: 3,
}
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-tokens-'))
})
afterAll(() => rm(dir, { recursive: true }))

/** Tokens by a clock that the test moves, and how often a key was asked for to check one. */
async function world() {
  const time = { now: 1_750_000_000_000 }
  const clock = { wall: () => time.now, monotonic: () => time.now }
  const file = join(dir, 'token.key')
  const keys = await openKeyRing({ file, strict: false, clock, log: createLogger('silent') })
  const checks = vi.spyOn(keys, 'byId')
  /** Signed by the server's own key, with more in it. */
  const signed = async (token: string, more: object) => {
    const header = decodeProtectedHeader(token) as { alg: string }
    const key = createPrivateKey(await readFile(file))
    return new SignJWT({ ...decodeJwt(token), ...more }).setProtectedHeader(header).sign(key)
  }
  return { time, tokens: createTokens({ keys, clock }), checks, signed }
}

test('an access token says again what it was issued for, until when, and is checked once', async () => {
  const { tokens, checks } = await world()
  const { token, expiresAt } = await tokens.issue('access', claims, lifeMs)
  for (let n = 0; n < 3; n++)
    expect(await tokens.verify('access', token)).toMatchObject({ ...claims, expiresAt })
  expect(checks).toHaveBeenCalledTimes(1)
})

test('a reset token is checked each time, and is not remembered as the other', async () => {
  const { tokens, checks } = await world()
  const { token } = await tokens.issue('reset', claims, lifeMs)
  for (let n = 0; n < 2; n++) expect(await tokens.verify('reset', token)).toMatchObject(claims)
  expect(await outcome(tokens.verify('access', token))).toBe('invalid_token')
  expect(checks).toHaveBeenCalledTimes(3)
})

test('what is remembered holds to the end of the leeway, and not a millisecond longer', async () => {
  const { time, tokens, checks } = await world()
  const { token, expiresAt } = await tokens.issue('access', claims, lifeMs)
  await tokens.verify('access', token)
  time.now = expiresAt.getTime() + limits.tokenLeewaySeconds * 1_000 - 1
  expect(await outcome(tokens.verify('access', token))).toBe('accepted')
  expect(checks).toHaveBeenCalledTimes(1)
  time.now += 1
  expect(await outcome(tokens.verify('access', token))).toBe('invalid_token')
  expect(checks).toHaveBeenCalledTimes(2)
})

test('a token may be as long as its limit, and no longer', async () => {
  const { tokens, checks, signed } = await world()
  const { token } = await tokens.issue('access', claims, lifeMs)
  let longest = ''
  // Base64 writes three bytes as four characters.
  for (
    let pad = Math.floor(((limits.tokenLength - token.length) * 3) / 4) - 20;
    longest.length < limits.tokenLength;
    pad++
  )
    longest = await signed(token, { pad: 'x'.repeat(pad) })
  expect(longest).toHaveLength(limits.tokenLength)
  expect(await outcome(tokens.verify('access', longest))).toBe('accepted')
  const tooLong = await signed(token, { ...decodeJwt(longest), more: '' })
  expect(await outcome(tokens.verify('access', tooLong))).toBe('invalid_token')
  expect(checks).toHaveBeenCalledTimes(1) // nothing so long is even looked into
})

test.each([{ gen: '3' }, { gen: undefined }, { jti: 7 }])('signed by us, but with %o', async wrong => {
  const { tokens, signed } = await world()
  const { token } = await tokens.issue('access', claims, lifeMs)
  expect(await outcome(tokens.verify('access', await signed(token, wrong)))).toBe('invalid_token')
})
