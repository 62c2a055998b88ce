import { expect, it } from 'vitest'
import { running } from '../running.js'

const server = running({ env: { LOG_LEVEL: 'debug' }, outboxInLog: true })

const lines = () =>
  server
    .logs()
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)

it("a call's life is in the log by its id, step by step", async () => {
  const [caller, callee] = [await server.device(), await server.device()]
  caller.call(callee.number)
  const { CALL_ID: callId } = await callee.next('call')
  callee.accept(caller.number)
  await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
  callee.hangUp(caller.number)
  await caller.next('HangUp')
  const own = () => lines().filter(line => line.callId === callId)
  await expect
    .poll(() => own().map(({ msg }) => msg))
    .toEqual(['a call is placed', 'a call rings at a device', 'a call is answered', 'a call has ended'])
  expect(own().map(({ level }) => level)).toEqual(Array(4).fill('debug'))
  expect(own().at(-1)).toMatchObject({ cause: 'hung_up' })
})

it('a request is in the log by the id that its answer carries, and not by its path', async () => {
  const { headers } = await server.rest('GET', '/get_user?number=84563210983', { token: 'none' })
  const requestId = headers['x-request-id']
  const own = () => lines().filter(line => line.requestId === requestId)
  await expect
    .poll(own)
    .toEqual([expect.objectContaining({ route: '/get_user', status: 401, msg: 'a request is answered' })])
  expect(server.logs()).not.toContain('84563210983')
})
