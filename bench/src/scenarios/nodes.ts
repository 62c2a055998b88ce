import { measureRounds } from '../measure/rounds.js'
import { startTwoNodes } from '../systems/nodes.js'
import { costsResult, verdictsOf } from './costs-table.js'
import type { Bench, Scenario } from './scenario.js'
import { pairsAtOnce, shapes, targetOf } from './signaling.js'

const nodesScenario = (
  shape: (typeof shapes)['R1' | 'R8' | 'C'],
  most: Readonly<Record<string, number>>,
): Scenario => ({
  name: `nodes-${shape.name}`,
  title: `Two nodes over NATS, each pair across them: ${shape.title}`,
  async run(bench: Bench) {
    const one = await bench.switchboard()
    const two = bench.owns(await startTwoNodes(1_000))
    const contestants = []
    for (const [name, system] of [
      ['one node', one],
      ['two nodes', two],
    ] as const)
      contestants.push({ name, system, work: shape.work(await targetOf(system, 2 * pairsAtOnce)) })
    const measured = await measureRounds(bench.load, contestants, bench.effort)
    await two.stop()
    return {
      ...costsResult(
        { name: this.name, title: this.title },
        measured,
        verdictsOf(measured, this.name, 'two nodes', most),
        ['Both node processes together.'],
      ),
      bars: [],
    }
  },
})

const relayed = { 'one node': 2.5 }
export const nodes = [
  nodesScenario(shapes.R1, relayed),
  nodesScenario(shapes.R8, relayed),
  nodesScenario(shapes.C, {}),
]
