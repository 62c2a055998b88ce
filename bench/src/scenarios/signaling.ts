import type { Target, Work } from '../load/orders.js'
import { candidatesOfACall } from '../load/payloads.js'
import { measureRounds, warmRuns } from '../measure/rounds.js'
import { relays } from '../systems/relays.js'
import type { System } from '../systems/system.js'
import { costsResult, verdictsOf } from './costs-table.js'
import type { Bench, Scenario } from './scenario.js'

export const pairsAtOnce = 50
const connectLanes = 50
/** More than a round can open; each token is used once. */
const tokensARound = 6_000

interface Shape {
  readonly name: string
  readonly title: string
  readonly work: (target: Target) => Work
  readonly accounts?: (bench: Bench) => number
  /** Of the server's CPU time, against which. */
  readonly most: Readonly<Record<string, number>>
  readonly notes?: readonly string[]
}

export const shapes = {
  R1: {
    name: 'R1',
    title: 'Relay of candidates, one on its way a pair',
    work: target => ({ kind: 'relay', target, said: 'candidate', window: 1 }),
    most: { [relays.floor.name]: 1.2, [relays.peerjs.name]: 0.8 },
  },
  R8: {
    name: 'R8',
    title: 'Relay of candidates, eight on their way a pair',
    work: target => ({ kind: 'relay', target, said: 'candidate', window: 8 }),
    most: { [relays.floor.name]: 1.3, [relays.peerjs.name]: 0.45 },
  },
  S: {
    name: 'S',
    title: 'Relay of SDP of 4 KB: renegotiation in an established call',
    work: target => ({ kind: 'relay', target, said: 'sdp', window: 1 }),
    most: { [relays.floor.name]: 1.1, [relays.peerjs.name]: 0.7 },
  },
  C: {
    name: 'C',
    title: `Whole calls: offer, answer, ${candidatesOfACall} candidates each way, hang-up; ${pairsAtOnce} at once`,
    work: target => ({ kind: 'calls', target, candidates: candidatesOfACall }),
    most: { [relays.floor.name]: 1.2, [relays.peerjs.name]: 0.4 },
  },
  C0: {
    name: 'C0',
    title: `Calls without candidates; ${pairsAtOnce} at once`,
    work: target => ({ kind: 'calls', target, candidates: 0 }),
    most: {},
    notes: ['The target is a fifth of what Kamailio needs for a SIP call; Kamailio did not run beside it.'],
  },
  K: {
    name: 'K',
    title: `Connections: opened, token verified, session looked up, closed; ${connectLanes} at once`,
    work: target => ({ kind: 'connects', target, lanes: connectLanes }),
    accounts: ({ effort }) => tokensARound * (effort.rounds + warmRuns) * Math.max(1, effort.ms / 1_000),
    most: { [relays.floor.name]: 1.2, [relays.peerjs.name]: 1.1 },
    notes: [
      'Every token is new to Switchboard, which verifies it by its own key (EdDSA, unless there is another) and looks its login up. Floor and socket.io verify HS256; PeerJS verifies nothing.',
    ],
  },
} as const satisfies Record<string, Shape>

export async function targetOf(system: System, accounts: number): Promise<Target> {
  return { dialect: system.dialect, ports: system.ports, accounts: await system.accounts(accounts) }
}

export const signalingScenario = (shape: Shape): Scenario => ({
  name: shape.name,
  title: shape.title,
  async run(bench) {
    const ours = await bench.switchboard()
    const systems = [
      ours,
      ...(await Promise.all(Object.keys(relays).map(name => bench.relay(name as keyof typeof relays)))),
    ]
    const count = shape.accounts?.(bench) ?? 2 * pairsAtOnce
    const contestants = []
    for (const system of systems)
      contestants.push({ name: system.name, system, work: shape.work(await targetOf(system, count)) })
    const measured = await measureRounds(bench.load, contestants, bench.effort)
    return costsResult(shape, measured, verdictsOf(measured, shape.name, ours.name, shape.most), shape.notes)
  },
})
