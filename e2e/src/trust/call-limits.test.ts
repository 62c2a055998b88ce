import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { establish } from '../expectations.js'
import { freshNumber } from '../people.js'
import type { Frame } from '../wire.js'
import { guarded } from './guarded.js'

describe('limits of calls', () => {
  const { client, device, join } = guarded()
  const befriend = async (owner: Device, contact: Device) => {
    const body = { contact_phonenumber: contact.number }
    const { token } = owner.account
    expect((await client().rest('POST', '/add_contact', { token, body })).status).toBe(201)
  }

  /** Calls a number and gives up as soon as it rings; how it went. */
  async function tryCall(caller: Device, number: string): Promise<string> {
    await caller.fence() // what others did to it before is not the answer
    caller.call(number)
    const answer = await caller.until('an answer', ({ REASON }) => REASON !== 'ack')
    if (answer.REASON === 'error') return String(answer.CODE)
    if (answer.REASON === 'HangUp') return String(answer.CAUSE)
    caller.hangUp(number)
    await caller.fence()
    return 'rang'
  }

  it('a caller: 10, then one in 6 seconds, in parallel or not; the eleventh costs the socket', async () => {
    const account = await join()
    const caller = await device(account)
    for (let n = 0; n < 10; n++) expect(await tryCall(caller, freshNumber())).toBe('unavailable')
    const since = performance.now()
    expect(await tryCall(caller, freshNumber())).toBe('rate_limited')
    expect((await caller.closed).code).toBe(4429)

    // Another socket, and another device, are the same caller.
    const again = await device(await client().login(account))
    expect(await tryCall(again, freshNumber())).toBe('rate_limited')
    const [third, fourth] = [await device(account), await device(account)]
    await sleep(6_000 - (performance.now() - since) + 100)
    expect(await tryCall(third, freshNumber())).toBe('unavailable')
    expect(await tryCall(fourth, freshNumber())).toBe('rate_limited')
  })

  it('of 25 calls in one breath none beyond the tenth is placed', async () => {
    const caller = await device()
    const callees = await Promise.all(Array.from({ length: 25 }, () => device()))
    for (const callee of callees) {
      caller.call(callee.number)
      caller.hangUp(callee.number)
    }
    expect((await caller.closed).code).toBe(4429)
    expect(caller.wire.drain().at(-1)).toMatchObject({ REASON: 'error', CODE: 'rate_limited' })
    for (const callee of callees.slice(10)) expect(await callee.fence()).toEqual([])
    const { token } = caller.account
    const { body } = await client().rest('GET', '/get_call_history', { token })
    expect(body.calls).toHaveLength(10)
  })

  it('a pair: 3 a minute, one way; others may still be called', async () => {
    const [caller, callee, other] = [await device(), await device(), await device()]
    await befriend(callee, caller)
    for (let n = 0; n < 3; n++) {
      expect(await tryCall(caller, callee.number)).toBe('rang')
      await callee.until('the end', ({ REASON }) => REASON === 'HangUp')
    }
    expect(await tryCall(caller, other.number)).toBe('rang')
    expect(await tryCall(callee, caller.number)).toBe('rang')
    expect(await tryCall(caller, callee.number)).toBe('rate_limited')
    expect((await callee.fence()).filter(isCall)).toEqual([])
  })

  it('a receiver hears 5 strangers a minute, then they hear what every unreachable one’s caller hears', async () => {
    const callee = await device()
    const friend = await device()
    await befriend(callee, friend)
    const strangers = await Promise.all(Array.from({ length: 12 }, () => device()))
    const outcomes = []
    for (const stranger of strangers) outcomes.push(await tryCall(stranger, callee.number))
    expect(outcomes).toEqual([...Array<string>(5).fill('rang'), ...Array<string>(7).fill('unavailable')])
    expect((await callee.fence()).filter(isCall)).toHaveLength(5)
    expect(await tryCall(friend, callee.number)).toBe('rang')
    expect(await tryCall(callee, strangers[0]?.number ?? '')).toBe('rang')

    const [flooded, nobody] = [await device(), await device()]
    const answerTo = async (caller: Device, number: string) => {
      caller.call(number)
      const { CALL_ID, ...frame } = await caller.next('HangUp')
      return JSON.stringify(frame).replaceAll(number, 'NUMBER').replaceAll(caller.number, 'CALLER')
    }
    expect(await answerTo(flooded, callee.number)).toBe(await answerTo(nobody, freshNumber()))
  })

  it('of 30 strangers at once 5 at most are heard', async () => {
    const callee = await device()
    const strangers = await Promise.all(Array.from({ length: 30 }, () => device()))
    for (const stranger of strangers) stranger.call(callee.number)
    const answers = await Promise.all(strangers.map(stranger => stranger.until('an answer', () => true)))
    const causes = answers.map(({ REASON, CAUSE }) => CAUSE ?? REASON)
    expect(causes.filter(cause => cause === 'ringing')).toHaveLength(1)
    expect(causes.filter(cause => cause === 'busy').length).toBeLessThanOrEqual(4)
    expect((await callee.fence()).filter(isCall)).toHaveLength(1)
  })
})

describe('limits of a call', () => {
  const { device } = guarded()

  it.each(['caller', 'callee'] as const)(
    '200 candidates of the %s, over any number of sockets',
    async side => {
      const [caller, callee] = [await device(), await device()]
      await establish(caller, callee)
      const [from, to] = side === 'caller' ? [caller, callee] : [callee, caller]
      let said = 0
      const say = (count: number) => {
        for (let n = 0; n < count; n++) from.candidate(to.number, `candidate ${said++}`)
      }
      say(100)
      await from.fence()
      await from.drop()
      expect(await from.resume()).toMatchObject({ RESUMED: true })
      say(100)
      await from.fence()
      say(1)
      expect((await from.closed).code).toBe(4429)
      expect(from.wire.drain().at(-1)).toMatchObject({ REASON: 'error', CODE: 'rate_limited' })
      await from.resume()
      say(1)
      expect((await from.closed).code).toBe(4429)
      const received = await to.fence()
      expect(received.map(({ CANDIDATE }) => CANDIDATE)).toEqual(
        Array.from({ length: 200 }, (_, n) => `candidate ${n}`),
      )
    },
  )
})

const isCall = ({ REASON }: Frame) => REASON === 'call'
