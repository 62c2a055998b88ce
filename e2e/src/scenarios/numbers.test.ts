import { expect, test } from 'vitest'
import { handsets, reaches, soon } from '../client/handset.js'
import { weriftMedia } from '../client/werift-media.js'
import type { Device } from '../device.js'
import { running } from '../running.js'

const server = running({
  env: { SCENARIO_NUMBERS: 'on', RING_TIMEOUT_SECONDS: '4', RESUME_WINDOW_SECONDS: '6' },
})
const { handset } = handsets(server)

/** Calls, hears it ring, and gets the answer. */
async function answerOf(caller: Device, number: string): Promise<unknown> {
  caller.call(number)
  await caller.next('ringing')
  return (await caller.next('callResponse')).RESPONSE
}

test('echo sends back what it gets', async () => {
  const media = weriftMedia()
  const caller = await handset(undefined, { media })
  const call = await caller.phone.call('0000001')
  await reaches(call, 'connected')
  const back = media.flows()
  media.sendAudio(20)
  await soon('RTP that comes back', back)
  call.hangUp()
  expect((await call.over).cause).toBe('hung_up')
})

test.each(['0000001', '0000008'])('%s accepts who tries signaling alone', async number => {
  const { phone } = await handset()
  await reaches(await phone.call(number), 'connected')
})

test('one is always busy, also to the second who asks', async () => {
  for (const caller of [await server.device(), await server.device()]) {
    caller.call('0000002')
    expect((await caller.next('HangUp')).CAUSE).toBe('busy')
  }
})

test('one rings and never answers', async () => {
  const caller = await server.device()
  caller.call('0000003')
  await caller.next('ringing')
  expect((await caller.next('HangUp')).CAUSE).toBe('no_answer')
})

test('one declines', async () => {
  const caller = await server.device()
  expect(await answerOf(caller, '0000004')).toBe('deny')
})

test('of two devices that accept at once one wins', async () => {
  const caller = await server.device()
  expect(await answerOf(caller, '0000005')).toBe('accept')
  const others = (await caller.fence()).filter(
    ({ REASON }) => REASON === 'callResponse' || REASON === 'HangUp',
  )
  expect(others).toEqual([])
  caller.hangUp('0000005')
})

test('of two that lose their sockets one comes back to its call, the other does not', async () => {
  const lasting = await server.device()
  expect(await answerOf(lasting, '0000006')).toBe('accept')
  const lost = await (await handset()).phone.call('0000007')
  await reaches(lost, 'connected')
  expect((await lost.over).cause).toBe('connection_lost')
  lasting.call('0000006') // within the call: it asks for another agreement
  expect((await lasting.next('callResponse')).RESPONSE).toBe('accept')
})

test('nobody logs in to them by a word that one could guess', async () => {
  for (const password of ['echo', 'Scenario echo', '0000001', 'SuperSecure']) {
    const body = { email: 'echo@scenarios.invalid', password }
    expect((await server.rest('POST', '/login', { body })).status).toBe(401)
  }
})

test('after a restart they are there again', async () => {
  await server.stop()
  await server.start()
  const caller = await server.device()
  expect(await answerOf(caller, '0000004')).toBe('deny')
  const call = await (await handset()).phone.call('0000002')
  expect((await call.over).cause).toBe('busy')
})
