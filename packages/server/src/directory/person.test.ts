import { expect, test } from 'vitest'
import type { Refusal } from '../refusal.js'
import { emailOf, nameOf } from './person.js'

const refused = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    const { code, faults } = error as Refusal
    return { code, path: faults?.[0]?.path }
  }
  return undefined
}

test.each([
  ['  Ada\t', 'Ada'],
  ['Ame\u0301lie', 'Amélie'],
  ['李小龍', '李小龍'],
  ['a'.repeat(100), 'a'.repeat(100)],
  ['𝒜'.repeat(100), '𝒜'.repeat(100)],
  ['<img onerror=alert(1)>', '<img onerror=alert(1)>'],
  ['\u202eevil', '\u202eevil'],
])('%j is the name %j', (written, name) => expect(nameOf(written, '/firstname')).toBe(name))

test.each([
  '',
  ' \u00a0\t',
  'a'.repeat(101),
  '𝒜'.repeat(101),
  'a\u0000b',
  'a\nb',
  'a\u0085b',
  'a\u2028b',
  'a\ud800',
  '\u001b[31m',
])('%j is no name', written =>
  expect(refused(() => nameOf(written, '/lastname'))).toEqual({ code: 'invalid_request', path: '/lastname' }),
)

const local = 'a'.repeat(254 - '@domain.yup'.length)
test.each([
  'somenice@domain.yup',
  "o'hara+tag@x",
  'A.B@Sub.Example',
  'a@xn--bcher-kva.example',
  `${local}@domain.yup`,
])('%s is an email', written => expect(emailOf(written)).toBe(written))

test.each([
  'plain',
  '@domain.yup',
  'a@',
  'a@b@c',
  ' a@b.c',
  'a@b.c\r\nBcc: x@y.z',
  'a@-b.c',
  'a@b..c',
  'ü@domain.yup',
  'a\u0000@b.c',
  `a${local}@domain.yup`,
  '"a b"@c.d',
])('%j is no email', written =>
  expect(refused(() => emailOf(written))).toEqual({ code: 'invalid_request', path: '/email' }),
)

test('a hostile email takes no time', () => {
  const took = Array.from({ length: 5 }, () => {
    const began = performance.now()
    refused(() => emailOf(`a@${'a-'.repeat(120)}!`))
    return performance.now() - began
  })
  // Microseconds, whatever else the machine does in one of them; a greedy pattern takes for ever.
  expect(Math.min(...took)).toBeLessThan(20)
})
