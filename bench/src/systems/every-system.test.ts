import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Work } from '../load/orders.js'
import { type LoadHost, startLoad } from '../load-host.js'
import { costsOf, costsSince } from '../measure/costs.js'
import { targetOf } from '../scenarios/signaling.js'
import { relays, startRelay } from './relays.js'
import { startSwitchboard } from './switchboard.js'
import type { System } from './system.js'

const starts: Record<string, () => Promise<System>> = {
  Switchboard: () => startSwitchboard({ users: 200, contacts: 3 }),
  ...Object.fromEntries(Object.values(relays).map(kind => [kind.name, () => startRelay(kind)])),
}

describe.each(Object.entries(starts))('%s', (_name, start) => {
  let system: System
  let load: LoadHost
  beforeAll(async () => {
    load = startLoad()
    system = await start()
  })
  afterAll(async () => {
    await load?.stop()
    await system?.stop()
  })

  test('plays calls, relays and connects, and what it costs is seen', async () => {
    const before = costsOf(system.processes)
    const target = await targetOf(system, 8)
    const accounts = (await Promise.all(Array.from({ length: 500 }, () => system.accounts(8)))).flat()
    const works: Work[] = [
      { kind: 'calls', target, candidates: 10 },
      { kind: 'relay', target, said: 'candidate', window: 8 },
      { kind: 'relay', target, said: 'sdp', window: 1 },
      { kind: 'connects', target: { ...target, accounts }, lanes: 2 },
    ]
    for (const [n, work] of works.entries()) {
      await load.open(`${n}`, work)
      const { operations, loadShare } = await load.run(`${n}`, 150)
      await load.close(`${n}`)
      expect(operations).toBeGreaterThan(0)
      expect(loadShare).toBeGreaterThan(0)
    }
    expect(costsSince(before, costsOf(system.processes)).server).toBeGreaterThan(0)
  })
})

test('what goes wrong at the server fails the run, and says what it was', async () => {
  const load = startLoad()
  const floor = await startRelay(relays.floor)
  const { dialect, ports } = floor
  const accounts = [{ number: '1', token: 'not.a.token' }]
  await expect(load.open('bad', { kind: 'idle', target: { dialect, ports, accounts } })).rejects.toThrow(
    /4401/,
  )
  await load.stop()
  await floor.stop()
})
