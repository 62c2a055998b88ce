import type { BusState } from '@switchboard/protocol'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { limits } from '../../limits.js'
import { type RestWorld, restWorld } from '../testing.js'
import { readiness } from './health.js'

describe('over HTTP', () => {
  let world: RestWorld
  const state = { draining: false, database: 'there', bus: 'none' as BusState }
  beforeAll(async () => {
    const ping = async () => {
      if (state.database === 'away') throw new Error('away')
    }
    world = await restWorld({
      draining: () => state.draining,
      database: { ping },
      busState: () => state.bus,
    })
  })
  afterAll(() => world.close())

  test('alive and ready are two things', async () => {
    const { ask } = world
    expect(await ask('GET', '/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } })
    for (const trouble of [{ draining: true }, { database: 'away' }]) {
      Object.assign(state, { draining: false, database: 'there' }, trouble)
      expect(await ask('GET', '/health/ready')).toMatchObject({
        status: 503,
        body: { code: 'service_unavailable' },
      })
      expect(await ask('GET', '/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } })
    }
  })

  test('a node whose bus is away is ready, and says so', async () => {
    Object.assign(state, { draining: false, database: 'there' })
    for (const bus of ['none', 'connected', 'away'] as const) {
      state.bus = bus
      expect(await world.ask('GET', '/health/ready')).toMatchObject({
        status: 200,
        body: { status: 'ok', bus },
      })
    }
  })

  test('the public keys are for everybody, the private parts for nobody', async () => {
    const { status, body } = await world.ask('GET', '/.well-known/jwks.json')
    expect(status).toBe(200)
    expect(body.keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', kid: expect.any(String) })
    expect(body.keys[0]).not.toHaveProperty('d')
  })
})

test('a database that does not answer is not waited for, nor asked twice', async () => {
  vi.useFakeTimers()
  try {
    let asked = 0
    const isReady = readiness(
      () => {
        asked += 1
        return new Promise(() => {})
      },
      () => false,
    )
    const answers = Promise.all([isReady(), isReady(), isReady()])
    await vi.advanceTimersByTimeAsync(limits.readyWithinMs)
    expect(await answers).toEqual([false, false, false])
    expect(asked).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})
