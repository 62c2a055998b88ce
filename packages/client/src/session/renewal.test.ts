import type { TokenView } from '@switchboard/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testEnvironment } from '../environment.testing.js'
import { NetworkError, RequestError } from '../errors.js'
import { createRenewal, lifeOf, renewIn } from './renewal.js'

const hour = 3_600_000
const view = (at: number, lifeMs: number): TokenView => ({
  token: 'x',
  expires_at: new Date(at + lifeMs).toISOString(),
})

it('a token is renewed before it expires, and not at once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2_000, max: 1e12 }), life => {
      expect(renewIn(life)).toBeGreaterThan(life / 2)
      expect(renewIn(life)).toBeLessThan(life)
    }),
  )
})

it('however wrong the clock is, a token lives as long as who gave it says', () => {
  const payload = btoa(JSON.stringify({ sub: 'ÿ', iat: 1_000, exp: 1_090 }))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
  const jwt = { token: `e30.${payload}.x`, expires_at: '2026-01-01T00:00:00Z' }
  for (const now of [0, 4e12]) expect(lifeOf(jwt, now)).toBe(90_000)
  const opaque = { token: 'x', expires_at: '1970-01-01T01:00:00Z' }
  expect(lifeOf(opaque, 0)).toBe(hour)
  expect(renewIn(lifeOf(opaque, 2 * hour))).toBe(1_000)
})

/** A renewal whose requests end as the script says. */
function world(lifeMs: number, script: readonly (Error | undefined)[]) {
  const environment = testEnvironment()
  const asked: number[] = []
  const dead: unknown[] = []
  const renewal = createRenewal({
    environment,
    renew: async () => {
      const error = script[asked.length]
      asked.push(environment.now())
      if (error) throw error
      return view(environment.now(), lifeMs)
    },
    onRenewed: () => {},
    onDead: error => dead.push(error),
  })
  renewal.follow(view(environment.now(), lifeMs))
  return { environment, asked, dead, renewal }
}

describe('while an app runs', () => {
  it('its token never expires', async () => {
    const { environment, asked } = world(10 * hour, [])
    await environment.advance(48 * hour)
    expect(asked).toEqual([8, 16, 24, 32, 40, 48].map(at => at * hour))
  })

  it('a server that is away is asked again, with growing waits', async () => {
    const { environment, asked } = world(10 * hour, [
      new NetworkError('x'),
      new NetworkError('x'),
      new NetworkError('x'),
    ])
    await environment.advance(8 * hour + 60_000)
    expect(asked.map(at => at - 8 * hour)).toEqual([0, 2_000, 6_000, 14_000])
  })

  it('a dead token is told, and not asked for again', async () => {
    const refused = new RequestError({ code: 'invalid_token', detail: 'x', status: 401 })
    const { environment, asked, dead } = world(10 * hour, [refused])
    await environment.advance(48 * hour)
    expect([asked.length, dead]).toEqual([1, [refused]])
  })

  it('stops when it is stopped', async () => {
    const { environment, asked, renewal } = world(10 * hour, [])
    renewal.stop()
    await environment.advance(48 * hour)
    expect(asked).toEqual([])
  })
})
