import { expect, test } from 'vitest'
import { base32, codeAt, newTotpSecret, stepOf, totpUri } from './totp.js'

const secret = Buffer.from('12345678901234567890')

test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('RFC 6238 appendix B: at %i s the code is %s', (seconds, code) => {
  expect(codeAt(secret, Math.floor(seconds / 30), 8)).toBe(code)
})

test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('RFC 4648 section 10: %j is %s', (text, written) => {
  expect(base32(Buffer.from(text))).toBe(written)
})

test('a code is taken a step early and late, with spaces, and not further off', () => {
  const now = 1_750_000_000_000
  const step = Math.floor(now / 30_000)
  const at = (near: number) => stepOf(secret, codeAt(secret, step + near), now, 30_000, 1)
  expect([-1, 0, 1].map(at)).toEqual([step - 1, step, step + 1])
  expect([-2, 2].map(at)).toEqual([undefined, undefined])
  const code = codeAt(secret, step)
  expect(stepOf(secret, `${code.slice(0, 3)} ${code.slice(3)}`, now, 30_000, 1)).toBe(step)
  expect(stepOf(secret, '', now, 30_000, 1)).toBeUndefined()
  expect(stepOf(secret, '12345６', now, 30_000, 1)).toBeUndefined()
})

test('the URI says what apps have to know', () => {
  expect(totpUri(secret, 'Switchboard', 'Ada & Co')).toBe(
    'otpauth://totp/Switchboard:Ada%20%26%20Co?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Switchboard&algorithm=SHA1&digits=6&period=30',
  )
  expect(newTotpSecret()).toHaveLength(20)
})
