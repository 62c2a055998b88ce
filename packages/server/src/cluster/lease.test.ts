import type { CallId, UserId } from '@switchboard/protocol'
import { expect, test } from 'vitest'
import { aloneBus } from '../bus/local.js'
import { systemClock, systemTimers } from '../clock.js'
import { createLogger } from '../log.js'
import { type Rescued, type RescueStore, startLease } from './lease.js'
import type { NodeId } from './node-id.js'

const [self, dead] = ['self', 'dead'] as NodeId[] as [NodeId, NodeId]

test('a call that is being taken over is waited for by whoever asks for its parties', async () => {
  let owner = dead
  const reading: { end?: (rescued: Rescued) => void } = {}
  const store: RescueStore = {
    join: async () => undefined,
    leave: async () => undefined,
    beat: async () => ({
      seen: [{ node: self, isFenced: false, ageMs: 0, hasCalls: false }],
      at: Date.now(),
    }),
    isOrphaned: async () => false,
    forget: async () => undefined,
    takeOver: () => {
      owner = self
      return new Promise(resolve => {
        reading.end = resolve
      })
    },
    adoptOrphans: async () => ({ calls: [], terms: [] }),
    ownedBy: async () => [],
    takeOwn: async () => ({ calls: [], terms: [] }),
    ownersOf: async () => [{ node: owner, isFenced: owner === dead, ageMs: 0 }],
  }
  const steps: string[] = []
  const lease = await startLease({
    store,
    self,
    bus: aloneBus(),
    clock: { ...systemClock, set: () => undefined },
    timers: systemTimers,
    log: createLogger('silent', false),
    adopt: () => void steps.push('adopted'),
    onRenewed: () => undefined,
    has: () => true,
    shun: () => undefined,
    onFenced: () => void steps.push('fenced'),
  })
  const rescue = (user: string) => lease.rescue(user as UserId).then(rescued => void steps.push(rescued))
  const caller = rescue('caller')
  await expect.poll(() => reading.end).toBeDefined()
  const callee = rescue('callee')
  await new Promise(resolve => setImmediate(resolve))
  expect(steps).toEqual([])
  reading.end?.({ calls: [], terms: [['call' as CallId, 2]] })
  await Promise.all([caller, callee])
  expect(steps[0]).toBe('adopted')
  expect(steps.slice(1)).toEqual(['rescued', 'rescued'])
  await lease.stop()
})
