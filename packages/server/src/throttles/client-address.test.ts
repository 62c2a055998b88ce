import { expect, test } from 'vitest'
import { unknownAddress } from './addresses.js'
import { createClientAddress } from './client-address.js'

const loopback = ['127.0.0.0/8', '::1/128']

test('without proxies the header says nothing', () => {
  const client = createClientAddress([])
  expect(client('192.0.2.1', '198.51.100.1')).toBe('192.0.2.1')
  expect(client('::ffff:192.0.2.1', undefined)).toBe('192.0.2.1')
  expect(client(undefined, '198.51.100.1')).toBe(unknownAddress)
})

test.each([
  ['one proxy', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['a proxy on IPv6 loopback', '::1', '198.51.100.1', '198.51.100.1'],
  ['a proxy that Node writes as a mapped address', '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['the leftmost hop is what the client says', '127.0.0.1', '203.0.113.9, 198.51.100.1', '198.51.100.1'],
  ['two proxies', '127.0.0.1', '203.0.113.9, 198.51.100.1, 127.0.0.2', '198.51.100.1'],
  ['the client says it is a proxy', '127.0.0.1', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
  ['a peer that is no proxy', '192.0.2.1', '198.51.100.1', '192.0.2.1'],
  ['no header', '127.0.0.1', undefined, '127.0.0.1'],
  ['an empty header', '127.0.0.1', '', '127.0.0.1'],
  ['proxies all the way', '127.0.0.1', '127.0.0.3, 127.0.0.2', '127.0.0.3'],
  ['IPv6 with a port', '127.0.0.1', '[2001:db8::1]:5000', '2001:db8:0:0::/64'],
  ['several header fields', '127.0.0.1', ['203.0.113.9', '198.51.100.1'], '198.51.100.1'],
  ['what the proxy did not know', '127.0.0.1', '198.51.100.1, unknown', unknownAddress],
  ['rubbish', '127.0.0.1', '198.51.100.1, <script>', unknownAddress],
])('%s', (_, peer, forwardedFor, expected) => {
  expect(createClientAddress(loopback)(peer, forwardedFor)).toBe(expected)
})

test("a spoofed header buys no address of one's own", () => {
  const client = createClientAddress(['10.0.0.0/8'])
  const keys = Array.from({ length: 100 }, (_, n) => client('10.1.2.3', `203.0.113.${n}, 198.51.100.1`))
  expect(new Set(keys)).toEqual(new Set(['198.51.100.1']))
})

test.each([
  ['10.0.0.0/8', '10.200.0.1', '11.0.0.1'],
  ['192.0.2.7', '192.0.2.7', '192.0.2.8'],
  ['fd00::/8', 'fd12:3456::1', 'fe00::1'],
  ['2001:DB8::7', '2001:db8:0::7', '2001:db8::8'],
  ['::ffff:10.0.0.0/104', '10.200.0.1', '11.0.0.1'],
  ['::ffff:10.0.0.7', '10.0.0.7', '10.0.0.8'],
])('proxies of %s', (entry, proxy, other) => {
  const client = createClientAddress([entry])
  expect(client(proxy, '198.51.100.1')).toBe('198.51.100.1')
  expect(client(other, '198.51.100.1')).not.toBe('198.51.100.1')
})
