import { describe, expect, it, vi } from 'vitest'
import { limits } from '../../limits.js'
import { longestLag } from './event-loop-lag.js'
import { readPm2, refuseStrangers } from './pm2.js'
import { reportMetrics } from './report-metrics.js'

const env = { pm_id: '0', pm_exec_path: '/srv/main.js', exec_mode: 'cluster_mode', instances: '4' }
const nats = { url: 'nats://localhost', credentialsFile: undefined, caFile: undefined }

describe('PM2 in the environment', () => {
  it('is told from its absence', () => {
    expect(readPm2({})).toBeUndefined()
    expect(readPm2({ instances: '4', exec_mode: 'cluster_mode' })).toBeUndefined()
    expect(readPm2(env)).toEqual({ isCluster: true, instances: 4 })
    expect(readPm2({ ...env, exec_mode: 'fork_mode', instances: undefined })).toEqual({
      isCluster: false,
      instances: 1,
    })
  })

  it.each([
    [true, 1],
    [true, 4],
    [false, 2],
  ])('without NATS (cluster %s, %i instances) it is refused with what to do', (isCluster, instances) => {
    const refuse = () => refuseStrangers({ isCluster, instances }, { nats: undefined })
    expect(refuse).toThrow(/^NATS_URL: must be set, and DATABASE_URL: .*exec_mode "fork"$/)
    expect(() => refuseStrangers({ isCluster, instances }, { nats })).not.toThrow()
  })

  it('one process with a port of its own needs none', () => {
    expect(() => refuseStrangers({ isCluster: false, instances: 1 }, { nats: undefined })).not.toThrow()
  })
})

describe('metrics for PM2', () => {
  it('are told now and again, until stopped', () => {
    const told: unknown[] = []
    const due: (() => void)[] = []
    const cancel = vi.fn()
    let sockets = 3
    const stop = reportMetrics({
      tell: message => void told.push(message),
      counts: () => ({ sockets, calls: 1, homes: 9 }),
      longestLag: () => 4.26,
      timers: {
        after: (_ms, run) => {
          due.push(run)
          return cancel
        },
      },
    })
    sockets = 5
    due[0]?.()
    expect(told).toMatchObject([
      { type: 'axm:monitor', data: { Connections: { value: 3 }, Calls: { value: 1 } } },
      { data: { Connections: { value: 5 }, 'Event loop lag': { value: 4.3, unit: 'ms' } } },
    ])
    stop()
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('a loop that stands still is seen, once, at any moment', () => {
    let now = 0
    let due = () => {}
    const timers = {
      after(_ms: number, run: () => void) {
        due = run
        return () => {
          due = () => {}
        }
      },
    }
    const lag = longestLag({ monotonic: () => now }, timers)
    for (const late of [0, 120, 3]) {
      now += limits.eventLoopLookMs + late
      due()
    }
    expect(lag.longest()).toBe(120)
    now += limits.eventLoopLookMs + 500
    due()
    expect(lag.longest()).toBe(500)
    expect(lag.longest()).toBe(0)
    lag.stop()
    now += 1_000
    due()
    expect(lag.longest()).toBe(0)
  })
})
