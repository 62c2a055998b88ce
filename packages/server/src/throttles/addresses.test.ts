import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressKey, unknownAddress } from './addresses.js'

const spellings = {
  '192.0.2.1': [
    '192.0.2.1',
    ' 192.0.2.1 ',
    '192.0.2.1:51234',
    '::ffff:192.0.2.1',
    '::FFFF:192.0.2.1',
    '::ffff:c000:201',
    '::ffff:C000:0201',
    '0:0:0:0:0:ffff:c000:0201',
    '0000:0000:0000:0000:0000:ffff:192.0.2.1',
    '[::ffff:192.0.2.1]:443',
    '::ffff:192.0.2.1%eth0',
    '64:ff9b::192.0.2.1',
    '64:ff9b::c000:201',
  ],
  '2001:db8:0:1::/64': [
    '2001:db8:0:1::1',
    '2001:DB8:0:1::1',
    '2001:0db8:0000:0001:0000:0000:0000:0001',
    '2001:db8:0:1:ffff:ffff:ffff:ffff',
    '2001:db8:0:1::192.0.2.1',
    '[2001:db8:0:1::1]',
    '[2001:db8:0:1::1]:443',
    '2001:db8:0:1::',
  ],
  'fe80:0:0:0::/64': ['fe80::1', 'fe80::1%eth0', 'fe80::1%2', 'fe80::abcd%en0'],
  '0:0:0:0::/64': ['::1', '::', '0:0:0:0:0:0:0:1', '::192.0.2.1'],
}

describe.each(Object.entries(spellings))('%s', (key, written) => {
  test.each(written)('is %s', address => {
    expect(addressKey(address)).toBe(key)
  })
})

test.each([
  undefined,
  '',
  'unknown',
  '_hidden',
  'localhost',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '010.0.0.1',
  '0x7f.0.0.1',
  '2130706433',
  '2001:db8::1::2',
  '2001:db8',
  '[2001:db8::1',
  '192.0.2.1, 192.0.2.2',
  '192.0.2.1\u0000',
])('%j shares the key of the unknown', address => {
  expect(addressKey(address)).toBe(unknownAddress)
})

test('neighbouring networks have different keys', () => {
  expect(addressKey('2001:db8:0:1::1')).not.toBe(addressKey('2001:db8:0:2::1'))
  expect(addressKey('192.0.2.1')).not.toBe(addressKey('192.0.2.2'))
})

test('a thousand addresses of one /64 are one key', () => {
  const keys = Array.from({ length: 1_000 }, (_, n) => addressKey(`2001:db8::${n.toString(16)}:1`))
  expect(new Set(keys).size).toBe(1)
})

test('every address has one key, however its zeros are written', () => {
  fc.assert(
    fc.property(fc.ipV6(), address => {
      const { hostname } = new URL(`http://[${address}]`) // the canonical form of RFC 5952
      expect(addressKey(address)).toBe(addressKey(hostname.slice(1, -1)))
      expect(addressKey(address)).toMatch(/^([\da-f]{1,4}:){4}:\/64$|^[\d.]+$/)
    }),
  )
  fc.assert(
    fc.property(fc.ipV4(), address => {
      expect(addressKey(`::ffff:${address}`)).toBe(address)
    }),
  )
})

test('nothing that a client writes throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), written => {
      expect(addressKey(written)).toBeTypeOf('string')
    }),
  )
})
