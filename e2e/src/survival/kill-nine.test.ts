import { describe, expect, it } from 'vitest'
import type { Account } from '../people.js'
import { login, type Person, person } from '../people.js'
import { running } from '../running.js'

const rounds = 20

describe('kill -9 at any moment', () => {
  const server = running()

  it(`loses no acknowledged write in ${rounds} rounds`, { timeout: 240_000 }, async () => {
    const acknowledged: { account: Account; callId: string }[] = []
    const registered: Person[] = []
    for (let round = 0; round < rounds; round++) {
      const [caller, callee] = [await server.device(), await server.device()]
      // Registrations are under way when the kill comes: what was answered must stand.
      const crowd = Array.from({ length: 6 }, () => person())
      const registering = crowd.map(async who => {
        const response = await server.rest('POST', '/create_user', { body: who }).catch(() => undefined)
        if (response?.status === 201) registered.push(who)
      })
      const rung = callee.next('call')
      caller.call(callee.number, 'sdp', { ID: `call ${round}` })
      const ack = await caller.until('the ack', frame => frame.ID === `call ${round}`)
      expect(ack.REASON).toBe('ack')
      const callId = String((await rung).CALL_ID)
      if (round % 2 === 1) {
        callee.accept(caller.number, 'sdp', { ID: 'answer' })
        expect(await callee.until('the ack', frame => frame.ID === 'answer')).toMatchObject({ REASON: 'ack' })
      }
      // On a busy machine none of them may have been answered by then; some are to be.
      if (round % 4 === 0) await registering[0]
      await server.kill()
      await Promise.all(registering)
      await server.start()
      acknowledged.push({ account: caller.account, callId })
      const { body } = await server.rest('GET', '/get_call_history', { token: caller.account.token })
      expect(body.calls).toMatchObject([
        { call_id: callId, answered_at: round % 2 === 1 ? expect.any(String) : null },
      ])
    }
    for (const { account, callId } of acknowledged) {
      const { body } = await server.rest('GET', '/get_call_history', { token: account.token })
      expect((body.calls as { call_id: string }[]).map(call => call.call_id)).toEqual([callId])
    }
    expect(registered.length).toBeGreaterThan(0)
    for (const who of registered) await login(server.rest, who)
  })

  it('and a kill while it starts leaves a directory that starts', { timeout: 120_000 }, async () => {
    const account = await server.join()
    for (let round = 0; round < 4; round++) {
      await server.kill()
      const starting = server.start().catch(() => 'killed')
      await new Promise(resolve => setTimeout(resolve, 60 + 120 * round))
      await server.kill()
      expect([undefined, 'killed']).toContain(await starting)
    }
    await server.start()
    await login(server.rest, account)
  })
})
