import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { makePlace, type Place } from '../cluster/network.js'
import { freePort } from '../postgres.js'
import {
  type ClusterStage,
  establish,
  finish,
  onCluster,
  passing,
  reaches,
  returned,
  talk,
  unavailableIn,
} from './cluster-stage.js'
import { seconds, Times } from './figures.js'
import { isAlive, until } from './processes.js'
import { allowed, alone, must, type Scenario, type Size } from './scenario.js'

const sizes = { quick: { cycles: 1, cutMs: 6_000 }, full: { cycles: 10, cutMs: 12_000 } }
const healedWithinMs = 10_000

/** A node is cut off from the others: from the bus, from the bus and the database, or with a bus of its own. */
export const partition: Scenario = {
  id: 'F8',
  title: 'a partition: one side without the bus, without bus and database, or each with its own',
  run: async size => {
    const lines = [
      `without the bus: ${await partitioned(size, ['bus'])}`,
      `with a bus of its own: ${await partitioned(size, ['bus'], true)}`,
    ]
    if (size === 'full') lines.push(`without bus and database: ${await cutOff(size)}`)
    return lines.join('; ')
  },
}

/** Two nodes in places of their own, each on its side. */
async function onTwoSides<T>(
  hasOwnBus: boolean,
  work: (stage: ClusterStage, far: Place) => Promise<T>,
): Promise<T> {
  const places = [await makePlace(), await makePlace()]
  const far = places[1] as Place
  const routes = await freePort()
  const undo: (() => unknown)[] = []
  const between = `nats://${far.via.bus}:${routes}`
  const options = hasOwnBus
    ? { natsOf: (index: number, url: string) => (index === 1 ? startOwnBus(far, between, undo) : url) }
    : {}
  const nats = hasOwnBus ? ['--cluster', `nats://0.0.0.0:${routes}`, '--cluster_name', 'switchboard'] : []
  try {
    return await onCluster(2, {}, stage => work(stage, far), { places, nats, ...options })
  } finally {
    for (const each of undo) await each()
    for (const place of places) await place.remove()
  }
}

/** A NATS server on the far side, which is one cluster with the near one over the cable. */
function startOwnBus(place: Place, route: string, undo: (() => unknown)[]): string {
  const port = 4222
  const settings = ['-a', '127.0.0.1', '-p', `${port}`, '--cluster', 'nats://127.0.0.1:6222']
  const [command = '', ...args] = [...place.through, 'nats-server', ...settings]
  const server = spawn(command, [...args, '--cluster_name', 'switchboard', '--routes', route], {
    stdio: 'ignore',
  })
  undo.push(() => server.kill('SIGKILL'))
  return `nats://127.0.0.1:${port}`
}

const partitioned = (size: Size, cables: readonly ['bus'], hasOwnBus = false) =>
  onTwoSides(hasOwnBus, async (stage, far) => {
    const { cycles, cutMs } = sizes[size]
    const [refused, healed] = [new Times(), new Times()]
    for (let cycle = 0; cycle < cycles; cycle++) {
      const [a, b] = [stage.at(0), stage.at(1)]
      const [here, near, mover] = await stage.devices(a, 3)
      const [there, other, witness] = await stage.devices(b, 3)
      if (!here || !near || !mover || !there || !other || !witness) throw new Error('no devices')
      await until('calls across', () => reaches(here, there), healedWithinMs)
      await sleep(3_000) // everybody is at home where they are connected again
      const [one, two] = [await establish(here, near), await establish(there, other)]
      for (const cable of cables) await far.cut(cable)
      const since = performance.now()
      // Each side by itself goes on; to the other side the answer is clear.
      const [alice] = await stage.devices(a, 1)
      const [bob] = await stage.devices(b, 1)
      if (!alice || !bob) throw new Error('no devices')
      refused.add(await unavailableIn(alice, witness))
      refused.add(await unavailableIn(bob, mover))
      await talk(here, near)
      await talk(there, other)
      await passing(alice, mover)
      await passing(bob, witness)
      // Somebody goes over to the other side: the one that is there now counts.
      mover.wire.socket.terminate()
      await returned(mover, b)
      await sleep(Math.max(0, cutMs - (performance.now() - since)))
      for (const cable of cables) await far.mend(cable)
      const mended = performance.now()
      await until('calls across', () => reaches(alice, bob), healedWithinMs)
      await passing(bob, alice)
      healed.add(performance.now() - mended)
      await talk(here, near)
      await talk(there, other)
      await finish(here, near, one)
      await finish(there, other, two)
      await onceOnly(alice, mover)
    }
    must(refused.worst < allowed(size, 2_000), `unavailable was said after ${seconds(refused.worst)}`)
    return `${cycles} times ${seconds(cutMs, 0)}, across unavailable after at most ${seconds(refused.worst)}, each side by itself as ever, one again ${seconds(healed.worst)} after the end, nobody at home twice`
  })

/** A call rings somebody once, wherever it is. */
async function onceOnly(caller: Parameters<typeof passing>[0], callee: Parameters<typeof passing>[0]) {
  callee.wire.drain()
  const callId = await establish(caller, callee)
  await talk(caller, callee)
  await finish(caller, callee, callId)
  const again = (await callee.fence()).filter(frame => frame.REASON === 'call')
  must(again.length === 0, 'a call rang twice')
}

/** Without the database as well the far side is fenced: its calls go on at the other one. */
const cutOff = (size: Size) =>
  onTwoSides(false, async (stage, far) => {
    const [a, b] = [stage.at(0), stage.at(1)]
    const [here] = await stage.devices(a, 1)
    const [there, other] = await stage.devices(b, 2)
    if (!here || !there || !other) throw new Error('no devices')
    const [across, inside] = [await establish(there, here), await stage.devices(b, 2)]
    const [one, two] = inside
    if (!one || !two) throw new Error('no devices')
    const within = await establish(one, two)
    // Acknowledged, so written: what is not may be lost with the database.
    for (const [from, to] of [
      [there, here],
      [one, two],
    ] as const) {
      await from.ask({ REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: to.number, CANDIDATE: 'written' })
    }
    const { pid } = b
    await far.cut('bus')
    await far.cut('database')
    const since = performance.now()
    await here.closed // its home was there
    await returned(here, a)
    there.wire.socket.terminate()
    await returned(there, a)
    await talk(there, here)
    for (const device of [one, two]) {
      device.wire.socket.terminate()
      await returned(device, a)
    }
    await talk(one, two)
    const moved = performance.now() - since
    must(moved < allowed(size, 20_000), `the calls were with the other side after ${seconds(moved)}`)
    await sleep(Math.max(0, sizes[size].cutMs - moved))
    await far.mend('bus')
    await far.mend('database')
    const mended = performance.now()
    await until('the fenced node to end itself', () => !isAlive(pid), 30_000)
    const ended = performance.now() - mended
    await talk(there, here)
    await finish(there, here, across)
    await finish(one, two, within)
    return `its calls went on at the other side after ${seconds(moved)}, it ended itself ${seconds(ended)} after the end`
  })

await alone(import.meta.url, partition)
