import type { LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import { type SimulatedNode, startSimulatedNode } from './cluster.testing.js'
import { createDatabase } from './database.testing.js'
import { createHistory } from './history.testing.js'
import { createNetwork } from './network.testing.js'
import { createPhone, type Phone } from './phones.testing.js'
import { chance, virtualTime } from './time.testing.js'

export interface Played {
  readonly seed: number
  readonly faults: readonly string[]
  readonly story: readonly string[]
}

/** One schedule: people call each other while nodes die, stop and stand still, and the network plays tricks. */
export async function playSchedule(seed: number, steps = 40): Promise<Played> {
  const random = chance(seed)
  const time = virtualTime()
  const network = createNetwork(time, random)
  const database = createDatabase(time)
  const history = createHistory(time.now)
  const nodes: SimulatedNode[] = []
  let named = 0

  const people = Array.from({ length: 3 + random.below(2) }, (_, n) => ({
    userId: `user-${n}` as UserId,
    number: `10${n}` as PhoneNumber,
  }))
  const phones: Phone[] = []

  async function startNode() {
    const name = `node${++named}`
    history.note(`${name} starts`)
    const node = await startSimulatedNode({
      name,
      time,
      random,
      network,
      database,
      history,
      people,
      onDeath(dead) {
        for (const phone of phones) phone.nodeDied(dead)
      },
      sendAway(stopping) {
        for (const phone of phones) phone.sentAway(stopping)
      },
    })
    nodes.push(node)
    return node
  }

  const later = (most: number, run: () => unknown) =>
    void time.after(random.between(0, most), () => void run())

  const living = () => nodes.filter(node => node.isUp())
  const open = () => nodes.filter(node => node.takesSockets())

  const starting = Promise.all([startNode(), startNode(), startNode()])
  await time.pass(100)
  await starting
  await time.pass(6_000) // their leases are old enough to judge others

  for (const [n, person] of people.entries()) {
    for (let device = 0; device <= random.below(2); device++) {
      const name = `phone${n}${'ab'[device]}`
      const login = `login-${n}-${device}` as LoginId
      phones.push(
        createPhone({
          name,
          person,
          login,
          time,
          random,
          history,
          nodes: open,
          numberOf: userId => people.find(each => each.userId === userId)?.number ?? ('' as PhoneNumber),
        }),
      )
    }
  }
  await time.pass(500)

  const isRough = random.is(0.6)
  if (isRough) {
    network.weather.lost = random.is(0.5) ? random.between(0, 0.1) : 0
    network.weather.twice = random.is(0.5) ? random.between(0, 0.2) : 0
    network.weather.delay = random.is(0.5) ? random.between(1, 60) : 3
  }

  for (let step = 0; step < steps; step++) {
    const phone = random.pick(phones)
    const other = random.pick(people)
    const dice = random.below(100)
    if (dice < 26) phone?.call(other?.number ?? '')
    else if (dice < 46) phone?.answer(random.is(0.85) ? 'accept' : 'deny')
    else if (dice < 66) phone?.trickle()
    else if (dice < 74) phone?.hangUp()
    else if (dice < 82) phone?.drop()
    else if (dice < 85) await trouble()
    await time.pass(random.is(0.75) ? random.between(0, 40) : random.between(0, 4_000))
  }

  async function trouble() {
    const node = random.pick(living())
    if (!node) return
    const kind = random.below(6)
    if (kind === 0 && living().length > 1) {
      history.note(`${node.name} is killed`)
      node.kill()
      later(2_000, startNode)
    } else if (kind === 1 && living().length > 1 && node.takesSockets()) {
      history.note(`${node.name} is stopped`)
      void node.stop()
      later(1_000, startNode)
    } else if (kind === 2) {
      history.note(`${node.name} stands still`)
      node.freeze()
      later(random.is(0.5) ? 2_000 : 12_000, () => {
        if (node.isUp()) node.thaw()
      })
    } else if (kind === 3) {
      history.note(`${node.name} loses the bus`)
      node.moveTo(-1)
      later(8_000, () => node.moveTo(0))
    } else if (kind === 4) {
      history.note(`${node.name} is cut off from the others`)
      node.moveTo(1)
      later(8_000, () => node.moveTo(0))
    }
  }

  // All is well again; whatever was begun comes to its end.
  await time.pass(20_000)
  network.weather.lost = 0
  network.weather.twice = 0
  network.weather.delay = 3
  await time.pass(45_000)
  history.note('all is well again')
  await everybodyCanBeCalled()
  for (const phone of phones) phone.leave()
  await time.pass(60_000)
  history.holdAgainst(database)
  for (const node of living()) {
    const left = Object.entries(node.counts()).filter(
      ([what, count]) => count > 0 && !['peers', 'members'].includes(what),
    )
    history.check(left.length === 0, `${node.name} keeps ${JSON.stringify(Object.fromEntries(left))}`)
  }
  const alive = database.rows().filter(({ call }) => call.state !== 'ended')
  history.check(
    alive.length === 0,
    `${alive.length} calls never end: ${alive.map(({ call, owner, term }) => `${call.id} ${call.state} of ${owner} term ${term}`).join(', ')}`,
  )
  for (const node of living()) node.kill()
  return { seed, faults: history.faults, story: history.story }

  /** No stuck state: after any fault every user can be called. */
  async function everybodyCanBeCalled() {
    for (let round = 0; round < 12 && (round < 2 || phones.some(phone => phone.hasCalls())); round++) {
      for (const phone of phones) phone.hangUp()
      for (const phone of phones) phone.answer('deny')
      await time.pass(3_000)
    }
    for (const phone of phones) {
      history.check(phone.isConnected(), `${phone.name} is not connected`)
      const callee = phones.find(other => other.person !== phone.person)
      if (!callee) continue
      const before = history.story.length
      phone.call(callee.person.number)
      await time.pass(2_000)
      const isRung = callee.hasCalls()
      history.check(isRung, `${callee.name} is not rung by ${phone.name}${before ? '' : ' at all'}`)
      phone.hangUp()
      await time.pass(1_000)
    }
  }
}
