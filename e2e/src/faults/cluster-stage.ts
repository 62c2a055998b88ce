import { again, type Nodes, type NodesOptions, type Rover, rover, startNodes } from '../cluster/nodes.js'
import { type Account, login, person, type Rest, register } from '../people.js'
import type { Env, Product } from '../product.js'
import { request } from '../rest-client.js'
import { must } from './scenario.js'
import { inTurns } from './stage.js'

/** Nodes that run for a scenario, with what it needs to speak to them. */
export interface ClusterStage extends Nodes {
  at(index: number): Product
  /** New people, each with a device at that node. */
  devices(node: Product, count: number): Promise<Rover[]>
  /** A new person who is not connected. */
  join(node: Product): Promise<Account>
  /** One more device of theirs. */
  again(node: Product, account: Account): Promise<Rover>
  /** Runs when the scenario is over, latest first. */
  after(undo: () => unknown): void
}

export async function onCluster<T>(
  count: number,
  env: Env,
  work: (stage: ClusterStage) => Promise<T>,
  options: NodesOptions = {},
): Promise<T> {
  const undo: (() => unknown)[] = []
  const rovers: Rover[] = []
  const cluster = await startNodes(count, env, options)
  const keep = (device: Rover) => {
    rovers.push(device)
    return device
  }
  const join = async (node: Product) => {
    const rest: Rest = (method, path, more) => request(node.api, method, path, more)
    const who = person()
    await register(rest, who)
    return { ...who, token: await login(rest, who) }
  }
  try {
    return await work({
      ...cluster,
      at(index) {
        const node = cluster.nodes[index]
        if (!node) throw new Error(`no node ${index}`)
        return node
      },
      devices: (node, many) => inTurns(many, 4, async () => keep(await rover(node))),
      join,
      again: async (node, account) => keep(await rover(node, await again(node, account))),
      after: each => void undo.push(each),
    })
  } finally {
    for (const each of undo.reverse()) await each()
    for (const device of rovers) device.wire.socket.terminate()
    await cluster.dispose()
  }
}

/** Lets one call the other, and the other accept; the call's id. */
export async function establish(caller: Rover, callee: Rover): Promise<string> {
  caller.call(callee.number)
  const incoming = await callee.until('the call', frame => frame.REASON === 'call')
  callee.accept(caller.number)
  await caller.until('the answer', frame => frame.REASON === 'callResponse')
  return String(incoming.CALL_ID)
}

/** A call from here to there and its end, as on any day. */
export async function passing(caller: Rover, callee: Rover): Promise<void> {
  const callId = await establish(caller, callee)
  await talk(caller, callee)
  await finish(caller, callee, callId)
}

/** Whether a call gets through; one that does is a call as on any day. */
export async function reaches(caller: Rover, callee: Rover): Promise<boolean> {
  caller.call(callee.number)
  const { REASON } = await caller.until('an answer', frame => /^(HangUp|ringing)$/.test(frame.REASON))
  if (REASON === 'HangUp') return false
  const { CALL_ID } = await callee.until('the call', frame => frame.REASON === 'call')
  callee.accept(caller.number)
  await caller.until('the answer', frame => frame.REASON === 'callResponse')
  await finish(caller, callee, String(CALL_ID))
  return true
}

/** What one says arrives at the other, both ways. */
export async function talk(one: Rover, other: Rover): Promise<void> {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const said = `said ${Math.random()}`
    from.candidate(to.number, said)
    await to.until('what was said', frame => frame.CANDIDATE === said)
  }
}

export async function finish(one: Rover, other: Rover, callId: string): Promise<void> {
  one.hangUp(other.number)
  const end = await other.until('the end', frame => frame.REASON === 'HangUp')
  must(end.CALL_ID === callId && end.CAUSE === 'hung_up', `another end came: ${JSON.stringify(end)}`)
}

/** How long the caller waits to hear that the other one cannot be reached. */
export async function unavailableIn(caller: Rover, callee: Rover): Promise<number> {
  const since = performance.now()
  caller.call(callee.number)
  const end = await caller.until(
    'an answer',
    frame => frame.REASON === 'HangUp' || frame.REASON === 'ringing',
  )
  must(end.CAUSE === 'unavailable', `the answer was ${JSON.stringify(end)}`)
  return performance.now() - since
}

/** What a node says of its bus. */
export async function busOf(node: Product): Promise<string> {
  const { status, body } = await request(node.api, 'GET', '/health/ready')
  return status === 200 ? String(body.bus) : `not ready (${status})`
}

/** A frame that tells to come back was heard: comes back as a client does that names its session. */
export async function returned(device: Rover, to: Product, withinMs = 20_000): Promise<void> {
  device.goTo(to)
  const deadline = performance.now() + withinMs
  for (;;) {
    try {
      await device.resume()
      return
    } catch (error) {
      must(performance.now() < deadline, `did not come back: ${(error as Error).message}`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}
