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
