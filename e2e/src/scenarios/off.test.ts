import { expect, test } from 'vitest'
import { running } from '../running.js'

const server = running()

test('unless they are asked for, numbers of scenarios are unknown numbers', async () => {
  const caller = await server.device()
  for (const number of ['0000001', '0000002', '0000008']) {
    caller.call(number)
    expect((await caller.next('HangUp')).CAUSE).toBe('unavailable')
  }
})

test('a number that belongs to somebody stays with them, and the others are served', async () => {
  const owner = await server.join({ phone_number: '0000004' })
  await server.stop()
  await server.start({ SCENARIO_NUMBERS: 'on' })
  expect(server.logs()).toContain('the number of declines belongs to somebody; it is left out')
  const [caller, callee] = [await server.device(), await server.device(owner)]
  caller.call(owner.phone_number)
  expect((await callee.next('call')).SENDER_PHONE_NUMBER).toBe(caller.number)
  await caller.next('ringing')
  caller.hangUp(owner.phone_number)
  await callee.next('HangUp')
  caller.call('0000002')
  expect((await caller.next('HangUp')).CAUSE).toBe('busy')
})
