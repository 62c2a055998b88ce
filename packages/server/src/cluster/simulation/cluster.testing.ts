import type { CallId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import { calleeOf } from '../../exchange/call.js'
import type { Logger } from '../../log.js'
import { unlimited } from '../../throttles/unlimited.js'
import { createNode, type SignalingNode } from '../node.js'
import type { NodeId } from '../node-id.js'
import { createTerms } from '../terms.js'
import type { SimulatedDatabase } from './database.testing.js'
import type { History } from './history.testing.js'
import type { Network } from './network.testing.js'
import type { Person } from './people.testing.js'
import { type Chance, timersOf, type VirtualTime } from './time.testing.js'

/** What a node logs is part of the story. */
function storyLog(name: string, history: History): Logger {
  const note = (what: object, text: string) => history.note(`  ${name}: ${text} ${JSON.stringify(what)}`)
  return {
    debug: note,
    info: note,
    warn: note,
    error: note,
    isLevelEnabled: () => false,
  } as unknown as Logger
}

export interface SimulatedNode {
  readonly name: string
  readonly signaling: SignalingNode['signaling']
  counts(): Readonly<Record<string, number>>
  isUp(): boolean
  isFrozen(): boolean
  takesSockets(): boolean
  /** kill -9. */
  kill(): void
  /** SIGTERM. */
  stop(): Promise<void>
  /** SIGSTOP and SIGCONT. */
  freeze(): void
  thaw(): void
  /** Another part of the network; -1: none. */
  moveTo(side: number): void
}

export interface SimulatedNodeDeps {
  readonly name: string
  readonly time: VirtualTime
  readonly random: Chance
  readonly network: Network
  readonly database: SimulatedDatabase
  readonly history: History
  readonly people: readonly Person[]
  readonly onDeath: (node: SimulatedNode) => void
  /** Closes every socket of the node, which is still there to hear of it. */
  readonly sendAway: (node: SimulatedNode) => void
}

let ids = 0

/** A node of the product but for its sockets and its database. */
export async function startSimulatedNode(deps: SimulatedNodeDeps): Promise<SimulatedNode> {
  const { name, time, random, network, database, history, people } = deps
  const timers = timersOf(time)
  const station = network.join()
  const terms = createTerms()
  const id = `${name}-${++ids}` as NodeId
  const store = database.callsOf(id, terms)
  let isUp = true
  let isFrozen = false
  let accepting = true
  const lookUp = () => new Promise<void>(resolve => timers.after(random.between(0.3, 4), resolve))
  const skew = random.between(-2_000, 2_000)

  const node = await createNode({
    config: { ringTimeoutMs: 20_000, resumeWindowMs: 10_000, heartbeatMs: 25_000, rateLimits: false },
    calls: {
      ...store,
      async write(calls, traces, wall) {
        for (const call of calls) {
          // Its node may die after it rang somebody and before it wrote whom.
          const dialled = people.find(({ number }) => number === call.dialled)?.userId
          history.mayHear(call.id as CallId, [call.caller.userId, calleeOf(call) ?? dialled])
        }
        await store.write(calls, traces, wall)
      },
    },
    bus: station.bus,
    node: id,
    nodes: database.rescue,
    terms,
    onFenced: () => {
      history.note(`${name} is fenced`)
      die()
    },
    directory: {
      async locate(_caller, number) {
        await lookUp()
        const found = people.find(person => person.number === number)
        return found && { userId: found.userId, isStranger: false, relayOnly: false }
      },
      async profile(userId) {
        await lookUp()
        const found = people.find(person => person.userId === userId)
        return found && { userId, phoneNumber: found.number }
      },
    },
    access: async token => {
      const [userId, loginId] = token.split(' ')
      return { userId: userId as UserId, loginId: loginId as LoginId }
    },
    accountEvents: { subscribe: () => () => undefined },
    canonicalise: number => number as PhoneNumber,
    iceServers: () => [],
    throttles: unlimited,
    clock: { wall: () => 1_700_000_000_000 + time.now() + skew, monotonic: time.now, set: () => undefined },
    timers,
    newId: () => `${name}-${++ids}`,
    log: storyLog(name, history),
  })
  await node.begin()

  function die() {
    if (!isUp) return
    isUp = false
    timers.die()
    station.leave()
    history.died()
    deps.onDeath(simulated)
  }

  const simulated: SimulatedNode = {
    name,
    signaling: node.signaling,
    counts: node.counts,
    isUp: () => isUp,
    isFrozen: () => isFrozen,
    takesSockets: () => isUp && accepting && !isFrozen,
    kill: die,
    async stop() {
      accepting = false
      await node.stop(async () => {
        deps.sendAway(simulated)
        await new Promise<void>(resolve => time.after(50, resolve))
      })
      isUp = false
      timers.die()
      station.leave()
    },
    freeze() {
      isFrozen = true
      timers.freeze()
      station.freeze()
    },
    thaw() {
      isFrozen = false
      station.thaw()
      timers.thaw()
    },
    moveTo: station.moveTo,
  }
  return simulated
}
