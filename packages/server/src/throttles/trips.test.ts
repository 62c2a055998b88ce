import type { UserId } from '@switchboard/protocol'
import { expect, test } from 'vitest'
import { limits } from '../limits.js'
import { addressKey } from './addresses.js'
import { createTrips } from './trips.js'

test('the newest come first; who is refused again stands there once, and few are kept', () => {
  let now = 0
  const trips = createTrips({ wall: () => ++now })
  const address = addressKey('192.0.2.1')
  const userId = 'u1' as UserId
  trips.note('requests', { address })
  trips.note('calls', { userId })
  trips.note('resetCodes')
  trips.note('requests', { address })
  expect(trips.newest()).toEqual([
    { limit: 'requests', address, at: 4 },
    { limit: 'resetCodes', at: 3 },
    { limit: 'calls', userId, at: 2 },
  ])
  for (let n = 0; n < limits.trips; n++) trips.note('calls', { userId: `other ${n}` as UserId })
  expect(trips.newest()).toHaveLength(limits.trips)
  expect(trips.newest().map(({ limit }) => limit)).not.toContain('requests')
})
