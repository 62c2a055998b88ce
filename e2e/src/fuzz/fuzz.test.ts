import { describe, expect, it } from 'vitest'
import { running } from '../running.js'
import { readCases } from './cases.js'
import { openGroup } from './frames-campaign.js'
import { honestCall } from './honest-pair.js'
import { openLanes, tryRequest } from './rest-campaign.js'
import { faultsLogged, playRound, residentMiB } from './round.js'
import { routes } from './routes.js'

const inputs = Number(process.env.FUZZ_INPUTS ?? 20_000)
const seed = Number(process.env.FUZZ_SEED ?? 1)

const cases = await readCases()

describe('mutated requests, messages and frames', () => {
  const server = running()

  it.each(cases)('$name: $was', async kept => {
    const faults: string[] = []
    if ('steps' in kept) {
      const group = await openGroup(server, { fault: what => faults.push(what), outcome: () => {} })
      await group.play(kept.steps)
      group.close()
    } else {
      const { token, ...values } = await server.join()
      const lanes = openLanes(server)
      const { fault } = await tryRequest(lanes, kept.request, {
        token,
        values: { ...values, peer: '1212121212' },
      })
      if (fault) faults.push(fault)
      lanes.close()
    }
    expect(faults).toEqual([])
    await honestCall(server)
  })

  it('start from every route there is', async () => {
    const { body } = await server.rest('GET', '/openapi.json')
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    )
    const known = routes.map(({ method, path }) => `${method} ${path}`)
    expect(known).toEqual(expect.arrayContaining(described))
  })

  it(`${inputs} of seed ${seed}: each is answered, nothing is our fault, and honest people call each other`, async () => {
    await playRound(server, seed + 1_000_000, Math.ceil(inputs / 20))
    const [pid, before] = [server.pid, await residentMiB(server.pid)]
    const { findings, figures } = await playRound(server, seed, inputs)
    expect(findings.all.map(({ seed, fault }) => `${fault} (seed ${seed})`)).toEqual([])
    expect(figures.inputs).toBeGreaterThanOrEqual(inputs)
    expect(faultsLogged(server.logs())).toEqual([])
    expect(server.pid).toBe(pid)
    expect(figures.residentMiB - before).toBeLessThan(150)
  }, 180_000)
})
