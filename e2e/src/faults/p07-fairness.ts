import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, person } from '../people.js'
import { count, millis, Times } from './figures.js'
import { alone, meanwhile, must, type Scenario } from './scenario.js'
import { onStage, type Stage } from './stage.js'

const sizes = { quick: { measureMs: 4_000 }, full: { measureMs: 60_000 } }

/** What one attacker may do by the contract, in a second; he does a hundred times as much. */
const budget = { messages: 1, requests: 60, logins: 1 / 36 }
const times = 100
/** Twenty people who each call once in six seconds, which is what one may. */
const callEveryMs = 300
/** Below this, twice as long is the machine's own noise. */
const noiseMs = 25

/** One attacker far over every budget; honest people call each other beside him. */
export const fairness: Scenario = {
  id: 'P7',
  title: 'one attacker at a hundred times his budget beside honest calls',
  run: async size => {
    const { measureMs } = sizes[size]
    // Honest people and the attacker come from different addresses, as they do in life.
    const env = { RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' }
    return onStage({ env }, async stage => {
      const honest = await Promise.all(
        Array.from({ length: 20 }, (_, index) => joinFrom(stage, `192.0.2.${index}`)),
      )
      await befriend(stage, honest)
      const attacker = await joinFrom(stage, '198.51.100.1')
      await setUps(stage, honest, measureMs / 4)
      const calm = await setUps(stage, honest, measureMs)
      let attacking = true
      const attacks = { messages: 0, requests: 0, refused: 0, sockets: 0 }
      const attack = meanwhile(
        Promise.all([
          floodMessages(stage, attacker, attacks, () => attacking),
          floodRequests(stage, attacks, () => attacking),
        ]),
      )
      await sleep(1_000)
      const under = await setUps(stage, honest, measureMs)
      attacking = false
      await attack
      must(attacks.refused > 0, 'nothing of the attack was refused')
      const [before, during] = [calm.within(0.99), under.within(0.99)]
      must(
        during <= Math.max(2 * before, noiseMs),
        `call set-up p99 went from ${millis(before)} to ${millis(during)}`,
      )
      return [
        `${count(under.count)} honest calls, 0 failed, set-up p99 ${millis(before)} alone and ${millis(during)} under attack`,
        `the attacker sent ${count(attacks.messages)} messages over ${count(attacks.sockets)} sockets and ${count(attacks.requests)} requests, ${count(attacks.refused)} of them refused`,
      ].join(', ')
    })
  },
}

async function joinFrom(stage: Stage, address: string): Promise<Account> {
  const who = person()
  const headers = { 'x-forwarded-for': address }
  const created = await stage.rest('POST', '/create_user', { body: who, headers })
  must(created.status === 201, `registering was answered with ${created.status}`)
  const { email, password } = who
  const { body } = await stage.rest('POST', '/login', { body: { email, password }, headers })
  return { ...who, token: String(body.token) }
}

/** Strangers may ring a phone five times a minute only. */
async function befriend(stage: Stage, accounts: readonly Account[]): Promise<void> {
  for (const [index, { token }] of accounts.entries()) {
    const headers = { 'x-forwarded-for': `192.0.2.${index}` }
    for (const other of accounts) {
      if (other.token === token) continue
      const body = { contact_phonenumber: other.phone_number }
      const { status } = await stage.rest('POST', '/add_contact', { token, body, headers })
      must(status === 201, `adding a contact was answered with ${status}`)
    }
  }
}

/** Calls from `call` to answer, each pair in turn and no faster than its own budget lets it. */
async function setUps(stage: Stage, accounts: readonly Account[], forMs: number): Promise<Times> {
  const times = new Times()
  const deadline = performance.now() + forMs
  const devices = await Promise.all(accounts.map(stage.device))
  for (let turn = 0; performance.now() < deadline; turn++) {
    const caller = devices[turn % devices.length]
    const callee = devices[(turn + 1 + Math.floor(turn / devices.length)) % devices.length]
    if (!caller || !callee || caller === callee) continue
    const since = performance.now()
    caller.call(callee.number)
    await callee.until('the call', frame => frame.REASON === 'call')
    callee.accept(caller.number)
    await caller.until('the answer', frame => frame.REASON === 'callResponse')
    times.add(performance.now() - since)
    caller.hangUp(callee.number)
    await callee.until('the end', frame => frame.REASON === 'HangUp')
    await sleep(callEveryMs)
  }
  for (const device of devices) device.wire.socket.terminate()
  return times
}

interface Attacks {
  messages: number
  requests: number
  refused: number
  sockets: number
}

async function floodMessages(stage: Stage, attacker: Account, attacks: Attacks, goesOn: () => boolean) {
  while (goesOn()) {
    const device = await stage.device(attacker).catch(() => undefined)
    attacks.sockets += 1
    while (device && goesOn() && device.wire.socket.readyState === device.wire.socket.OPEN) {
      for (let n = 0; n < (budget.messages * times) / 10; n++) device.hangUp('999')
      attacks.messages += (budget.messages * times) / 10
      await sleep(100)
      attacks.refused += device.wire.drain().filter(frame => frame.CODE === 'rate_limited').length
    }
    await sleep(20)
  }
}

async function floodRequests(stage: Stage, attacks: Attacks, goesOn: () => boolean) {
  const headers = { 'x-forwarded-for': '198.51.100.1' }
  const worker = async () => {
    while (goesOn()) {
      const body = { email: 'nobody@example.org', password: 'not the password' }
      const response = await stage.rest('POST', '/login', { body, headers }).catch(() => undefined)
      attacks.requests += 1
      if (response?.status === 429) attacks.refused += 1
    }
  }
  // As many as this client can: it shares the machine with the server.
  await Promise.all(Array.from({ length: 8 }, worker))
}

await alone(import.meta.url, fairness)
