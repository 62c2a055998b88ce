import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { iceServers, turnId } from './credentials.js'

const turn = {
  turnUrls: ['turn:turn.domain.yup:3478?transport=udp', 'turns:turn.domain.yup:5349'],
  stunUrls: ['stun:stun.domain.yup:3478'],
  secret: 'north',
  previousSecret: undefined,
  ttlSeconds: 3_600,
}
const now = Date.UTC(2026, 0, 1)
const signed = (secret: string, username: string) => ({
  urls: turn.turnUrls,
  username,
  credential: createHmac('sha1', secret).update(username).digest('base64'),
})

test('TURN gets credentials that coturn works out in the same way, STUN none', () => {
  const username = `${now / 1_000 + 3_600}:opaque`
  expect(iceServers(turn, now, 'opaque')).toEqual([{ urls: turn.stunUrls }, signed('north', username)])
})

test('while the secret changes there are credentials by both, the new one first', () => {
  const username = `${now / 1_000 + 3_600}:opaque`
  const [, ...both] = iceServers({ ...turn, previousSecret: 'south' }, now, 'opaque')
  expect(both).toEqual([signed('north', username), signed('south', username)])
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
  const id = turnId(turn, 'user-1')
  expect(id).toMatch(/^[\w-]{16}$/)
  expect(turnId(turn, 'user-1')).toBe(id)
  expect(turnId(turn, 'user-2')).not.toBe(id)
  expect(turnId({ secret: 'another' }, 'user-1')).not.toBe(id)
})

test('bound to a call it names the call and still the user, without telling who', () => {
  expect(turnId(turn, 'user-1', 'call-1')).toBe(`call-1.${turnId(turn, 'user-1')}`)
})
