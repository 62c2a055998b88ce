import type { IceServer } from '@switchboard/protocol'
import { describe, expect, it } from 'vitest'
import { testEnvironment } from '../environment.testing.js'
import { NetworkError } from '../errors.js'
import type { Rest } from '../rest/rest.js'
import { createIceServers, expiryOf } from './ice-servers.js'

const turn = (expiresInSeconds: number, id = 'opaque'): IceServer => ({
  urls: ['turn:x'],
  username: `${expiresInSeconds}:${id}`,
  credential: 'c',
})
const stun: IceServer = { urls: ['stun:x'] }

/** ICE servers whose requests are answered as the test says. */
function world(answer: (path: string) => Promise<IceServer[]>) {
  const environment = testEnvironment()
  const asked: string[] = []
  const rest = (async (_: string, path: string) => {
    asked.push(path)
    return { ice_servers: await answer(path), ttl: 3_600 }
  }) as Rest
  return { environment, asked, ice: createIceServers(rest, environment) }
}

it('credentials expire when the first of them does; STUN never', () => {
  expect(expiryOf([stun, turn(90), turn(60)])).toBe(60_000)
  expect(expiryOf([stun])).toBe(Number.POSITIVE_INFINITY)
})

describe('ICE servers for a call', () => {
  it('without TURN, or with fresh credentials and no id yet, are those of the greeting', async () => {
    const { ice, asked } = world(async () => [])
    ice.greeted([stun])
    expect(await ice.for('call')).toEqual([stun])
    ice.greeted([stun, turn(3_600)])
    expect(await ice.for(undefined)).toEqual([stun, turn(3_600)])
    expect(asked).toEqual([])
  })

  it('are bound to it once it has an id', async () => {
    const { ice, asked } = world(async () => [turn(3_600, 'bound')])
    ice.greeted([turn(3_600)])
    expect(await ice.for('a/b')).toEqual([turn(3_600, 'bound')])
    expect(asked).toEqual(['/get_turn_credentials?call_id=a%2Fb'])
    expect(await ice.for(undefined)).toEqual([turn(3_600)])
  })

  it('are asked for anew shortly before they expire, and kept', async () => {
    const { ice, environment, asked } = world(async () => [turn(7_200)])
    ice.greeted([turn(3_600)])
    await environment.advance(3_500_000)
    expect(await ice.for(undefined)).toEqual([turn(7_200)])
    await ice.for(undefined)
    expect(asked).toEqual(['/get_turn_credentials'])
  })

  it('are the old ones when new ones are refused, or late: a call waits a moment and no longer', async () => {
    const refused = world(async () => {
      throw new NetworkError('x')
    })
    refused.ice.greeted([turn(10)])
    expect(await refused.ice.for('call')).toEqual([turn(10)])

    const late = world(() => new Promise(() => {}))
    late.ice.greeted([turn(10)])
    const servers = late.ice.for('call')
    await late.environment.advance(1_500)
    expect(await servers).toEqual([turn(10)])
  })
})
