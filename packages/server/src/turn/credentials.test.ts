import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { iceServers, opaqueTurnId } from './credentials.js'

const turn = {
  turnUrls: ['turn:turn.domain.yup:3478?transport=udp', 'turns:turn.domain.yup:5349'],
  stunUrls: ['stun:stun.domain.yup:3478'],
  secret: 'north',
  ttlSeconds: 3_600,
}
const now = Date.UTC(2026, 0, 1)

test('TURN gets credentials that coturn works out in the same way, STUN none', () => {
  const servers = iceServers(turn, now, 'opaque')
  const username = `${now / 1_000 + 3_600}:opaque`
  expect(servers).toEqual([
    { urls: turn.stunUrls },
    {
      urls: turn.turnUrls,
      username,
      credential: createHmac('sha1', 'north').update(username).digest('base64'),
    },
  ])
})

test('the answer of openssl dgst -sha1 -hmac', () => {
  const [, server] = iceServers(turn, 1_433_895_918_506, 'opaque')
  expect(server?.username).toBe('1433899518:opaque')
  expect(server?.credential).toBe('0MIznzYPsdGYRnGY3YwUjlk7s04=')
})

test('nothing configured is an empty list, and TURN without its secret is none', () => {
  expect(iceServers({ ...turn, turnUrls: [], stunUrls: [] }, now, 'opaque')).toEqual([])
  expect(iceServers({ ...turn, secret: undefined }, now, 'opaque')).toEqual([{ urls: turn.stunUrls }])
})

test('the id is the same for one user everywhere, another for everyone else, and tells nothing', () => {
  const id = opaqueTurnId(turn, 'user-1')
  expect(id).toMatch(/^[\w-]{16}$/)
  expect(opaqueTurnId(turn, 'user-1')).toBe(id)
  expect(opaqueTurnId(turn, 'user-2')).not.toBe(id)
  expect(opaqueTurnId({ secret: 'another' }, 'user-1')).not.toBe(id)
})
