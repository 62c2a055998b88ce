import { describe, expect, it } from 'vitest'
import type { World } from '../world.js'
import { coefficients, defaultCoefficients as k } from './coefficients.js'
import { plan as compute } from './model.js'
import { plan } from './plan.js'

const region = (users: number, callsPerDay: number, more = {}) =>
  compute({ users, callsPerDay, regions: 1 }, { ...k, ...more })

describe('the plan', () => {
  it('multiplies what it says', () => {
    const { region: r } = region(1_000_000, 3_000_000)
    expect(r.connectedUsers).toBeCloseTo(1_000_000 * k.online)
    expect(r.connections).toBeCloseTo(1_000_000 * k.online * k.devices)
    expect(r.callsPerSecond).toBeCloseTo((3_000_000 * k.busyHour * k.peak) / 3_600)
    // Little's law.
    expect(r.callsAtOnce).toBeCloseTo(((3_000_000 * k.busyHour) / 3_600) * k.callMinutes * 60)
    expect(r.writesPerSecond).toBeCloseTo(
      r.callsPerSecond * k.writesPerCall + r.connectsPerSecond * k.writesPerConnect,
    )
    expect(r.natsGib).toBeCloseTo((r.connectedUsers * k.homeKib) / 1_024 ** 2)
  })

  it('a small office needs one process and nothing beside it', () => {
    const { region: r, machines } = region(200, 2_000)
    expect(r).toMatchObject({ isOne: true, nodes: 1, machines: 1, natsMessages: 0, natsServers: 0 })
    expect(machines).toBe(1)
  })

  it('has no node too few: the work fits without the spare ones', () => {
    for (const users of [1e5, 1e6, 1e7]) {
      const { region: r } = region(users, users * 3)
      expect(r.needed).toBeLessThanOrEqual(r.nodes)
      expect(r.cores).toBeLessThanOrEqual(r.needed * k.usableCpu)
      expect(r.needed * k.processHeapMib).toBeGreaterThanOrEqual((r.connections * k.socketKib) / 1_024)
    }
  })

  it.each(['connections', 'callsPerSecond', 'nodes', 'machines', 'natsMessages', 'writesPerSecond'] as const)(
    '%s never fall as users grow',
    what => {
      let before = 0
      for (let users = 100; users < 2e8; users *= 3) {
        const { region: r } = region(users, users * 3)
        expect(r[what]).toBeGreaterThanOrEqual(before)
        before = r[what]
      }
    },
  )

  it('beats split a cluster into cells when they cost a node its share', () => {
    const { region: r } = region(1e8, 3e8)
    expect(((r.nodesPerCell - 1) / k.beatSeconds) * k.beatCpu).toBeLessThanOrEqual(k.beatShare * 1_000)
    expect((r.nodesPerCell / k.beatSeconds) * k.beatCpu).toBeGreaterThan(k.beatShare * 1_000)
    expect(r.cells).toBeGreaterThanOrEqual(r.nodes / r.nodesPerCell)
    expect(r.natsGib).toBeLessThanOrEqual(k.natsMemoryGib)
    expect(region(1e8, 3e8, { beatCpu: k.beatCpu * 10 }).region.cells).toBeGreaterThan(r.cells)
  })

  it('regions share the users', () => {
    const one = compute({ users: 3e7, callsPerDay: 9e7, regions: 1 }, k)
    const three = compute({ users: 9e7, callsPerDay: 27e7, regions: 3 }, k)
    expect(three.region).toEqual(one.region)
    expect(three.machines).toBe(3 * one.machines)
  })

  it('every coefficient says where it is from', () => {
    for (const { value, unit, source } of Object.values(coefficients)) {
      expect(value).toBeGreaterThanOrEqual(0)
      expect(unit).not.toBe('')
      expect(source.length).toBeGreaterThan(10)
    }
  })
})

describe('switchboard plan', () => {
  const print = (options: Parameters<typeof plan>[1]) => {
    const [out, err]: [string[], string[]] = [[], []]
    const terminal = {
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
    }
    plan({ terminal } as unknown as World, options)
    return { out, err }
  }
  const wanted = { users: 1e8, callsPerDay: 3e8, regions: 5 }

  it('prints machines and why, and how much of it is assumed', () => {
    const { out, err } = print(wanted)
    expect(out[0]).toBe('100,000,000 users, 300,000,000 calls a day, 5 regions')
    const total = compute(wanted, k).machines
    expect(out.at(-1)).toMatch(new RegExp(`^machines in all +${total.toLocaleString('en')} +in 5 regions$`))
    expect(err).toEqual([expect.stringMatching(/^\d+ of \d+ coefficients are assumed/)])
    expect(print({ ...wanted, coefficients: true }).out.join('\n')).toMatch(/homeKib +1\.6 KiB +measured/)
  })

  it('prints JSON', () => {
    const [line = ''] = print({ ...wanted, json: true }).out
    expect(JSON.parse(line)).toMatchObject({
      wanted,
      regions: 5,
      coefficients: { online: { from: 'assumed' } },
    })
  })
})
