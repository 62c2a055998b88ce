import { EventEmitter, once } from 'node:events'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Bus } from './bus.js'
import { BusTimeout } from './bus.js'
import { busContract } from './contract.testing.js'
import { natsBus } from './nats.js'
import { type NatsServer, startNats } from './nats.testing.js'

const log = pino({ level: 'silent' })
const none = { credentialsFile: undefined, caFile: undefined }
const open: Bus[] = []
async function join(url: string) {
  const bus = await natsBus({ url, ...none }, log)
  open.push(bus)
  return bus
}
afterEach(async () => {
  await Promise.all(open.splice(0).map(bus => bus.close()))
})

describe('over NATS', () => {
  let server: NatsServer
  beforeAll(async () => {
    server = await startNats()
  })
  afterAll(() => server.stop())
  busContract(() => join(server.url))
})

test('a server that dies is noticed at once, and found again with everything subscribed as before', async () => {
  const server = await startNats()
  try {
    const [a, b] = [await join(server.url), await join(server.url)]
    const turns = new EventEmitter()
    a.onConnection(now => turns.emit(`a ${now}`))
    b.onConnection(now => turns.emit(`b ${now}`))
    await b.subscribe('x.ask', ({ reply }) => reply('yes')).ready
    const away = once(turns, 'a false')
    await server.kill()
    await away
    expect(a.isConnected()).toBe(false)
    await expect(a.request('x.ask', '', 60_000)).rejects.toBeInstanceOf(BusTimeout)
    const back = Promise.all([once(turns, 'a true'), once(turns, 'b true')])
    await server.start()
    await back
    expect(await a.request('x.ask', '', 5_000)).toBe('yes')
  } finally {
    await server.stop()
  }
})

test('a server that stands still with much unsent to it is given up, and another one asked', async () => {
  const [frozen, other] = [await startNats(), await startNats()]
  try {
    const bus = await join(`${frozen.url},${other.url}`)
    const turns = new EventEmitter()
    bus.onConnection(now => turns.emit(`${now}`))
    await bus.subscribe('x.ask', ({ reply }) => reply('yes')).ready
    const away = once(turns, 'false')
    const back = once(turns, 'true')
    // Whichever it chose: both stand still, and one is let go on when the bus has given up.
    for (const { pid } of [frozen, other]) process.kill(pid, 'SIGSTOP')
    // More than the kernel takes: an orderly goodbye would wait until it has left.
    for (let n = 0; n < 500; n++) bus.publish('x.much', 'x'.repeat(60_000))
    await away
    await frozen.kill()
    await frozen.start()
    await back
    expect(await bus.request('x.ask', '', 5_000)).toBe('yes')
  } finally {
    await Promise.all([frozen.stop(), other.stop()])
  }
}, 60_000)
