import { expect, test } from 'vitest'
import { readCookie, writeCookie } from './cookie.js'

const token = 'a'.repeat(43)
const name = '__Host-switchboard-admin'

test.each([
  [`${name}=${token}`, token],
  [`theme=dark; ${name}=${token}; other=1`, token],
  [undefined, undefined],
  ['', undefined],
  [`${name}=`, undefined],
  [`${name}=short`, undefined],
  [`${name}=${token}"; x`, undefined],
  [`x${name}=${token}`, undefined],
  [`${name}=${token}; ${name}=${'b'.repeat(43)}`, undefined], // one of them is somebody else's
])('of %j the token is %j', (header, read) => {
  expect(readCookie(header)).toBe(read)
})

test('what is written is read, and what is taken out is gone', () => {
  expect(readCookie(writeCookie(token).split(';')[0])).toBe(token)
  expect(writeCookie(undefined)).toMatch(/^__Host-switchboard-admin=; .*Max-Age=0$/)
})
