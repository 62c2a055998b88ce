import type { CallStanding, ConnectedDown } from '@switchboard/protocol'
import { describe, expect, it } from 'vitest'
import { testEnvironment } from '../environment.testing.js'
import type { WebSocketLike } from '../transport.js'
import { createLink, type LinkEvents } from './link.js'
import { reconnectPolicy } from './reconnect-policy.js'

type Message = Record<string, unknown>

/** A link and the server's end of its sockets, which do what a test says. */
function world(options: { replaces?: string } = {}) {
  const environment = testEnvironment()
  const sockets: Peer[] = []
  const told: unknown[] = []
  let retain = (_: Message) => true

  class Peer implements WebSocketLike {
    onopen: ((event: never) => void) | null = null
    onmessage: ((event: never) => void) | null = null
    onclose: ((event: never) => void) | null = null
    onerror: ((event: never) => void) | null = null
    readonly sent: Message[] = []
    isClosed = false
    constructor() {
      sockets.push(this)
    }
    send(text: string) {
      this.sent.push(JSON.parse(text))
    }
    close() {
      this.isClosed = true
    }
    open = () => this.onopen?.({} as never)
    deliver = (frame: object) => this.onmessage?.({ data: JSON.stringify(frame) } as never)
    end = (code: number, reason = '') => this.onclose?.({ code, reason } as never)
    greet(more: Partial<ConnectedDown> = {}, calls: CallStanding[] = []) {
      const greeting = {
        PHONE_NUMBER: '1',
        SESSION: 's',
        RESUMED: false,
        ICE_SERVERS: [],
        HEARTBEAT_SECONDS: 25,
      }
      this.deliver({ REASON: 'connected', ...greeting, CALLS: calls, ...more })
    }
  }
  const events: LinkEvents = {
    connected: greeting => {
      told.push(['connected', greeting.RESUMED])
      if (!greeting.RESUMED) link.retain(message => retain(message as Message))
    },
    heard: frame => told.push(frame.REASON),
    refreshed: () => told.push('refreshed'),
    lost: () => told.push('lost'),
    closed: error => told.push(['closed', error.code]),
  }
  const link = createLink({
    url: 'ws://x',
    transport: { WebSocket: Peer, fetch },
    environment,
    policy: reconnectPolicy,
    token: () => 'token',
    replaces: options.replaces,
    events,
  })
  const last = () => sockets.at(-1) as Peer
  /** The next socket, greeted. */
  const up = (more: Partial<ConnectedDown> = {}) => {
    last().open()
    last().greet(more)
    return last()
  }
  return { link, environment, sockets, told, last, up, setRetain: (test: typeof retain) => (retain = test) }
}

const hangUp = { REASON: 'HangUp', RECEIVER_PHONE_NUMBER: '2' } as const
const ringing = (SEQ: number) => ({ REASON: 'ringing', CALL_ID: 'a', RECEIVER_PHONE_NUMBER: '2', SEQ })

describe('a link', () => {
  it('says connect first, and what was said before once the server has answered', async () => {
    const { link, last, up } = world()
    const said = link.say(hangUp)
    last().open()
    expect(last().sent).toEqual([{ REASON: 'connect', TOKEN: 'token' }])
    const socket = up()
    const [, , message] = socket.sent
    expect(message).toMatchObject(hangUp)
    socket.deliver({ REASON: 'ack', ID: message?.ID, SEQ: 1 })
    await said
  })

  it('comes back to its session, from the last message that it saw, and says again what was not answered', async () => {
    const { link, environment, last, up, told } = world()
    const first = up()
    void link.say(hangUp)
    first.deliver(ringing(7))
    first.end(1006)
    await environment.advance(1_000)
    expect(last()).not.toBe(first)
    last().open()
    expect(last().sent).toEqual([{ REASON: 'connect', TOKEN: 'token', SESSION: 's', LAST_SEQ: 7 }])
    last().greet({ RESUMED: true })
    expect(last().sent[1]).toEqual(first.sent[1])
    last().deliver(ringing(7))
    last().deliver(ringing(8))
    expect(told).toEqual([['connected', false], 'ringing', 'lost', ['connected', true], 'ringing'])
  })

  it('in a new session it lets go of what is not worth saying, and counts anew', async () => {
    const { link, environment, last, up, told, setRetain } = world()
    const first = up()
    const said = link.say(hangUp)
    first.deliver(ringing(7))
    first.end(1006)
    await environment.advance(1_000)
    setRetain(() => false)
    up()
    await said
    expect(last().sent).toHaveLength(1)
    last().deliver(ringing(1))
    expect(told.filter(each => each === 'ringing')).toHaveLength(2)
  })

  it('takes the place of the page before without asking for what that one saw', () => {
    const { last } = world({ replaces: 'before' })
    last().open()
    expect(last().sent).toEqual([
      { REASON: 'connect', TOKEN: 'token', SESSION: 'before', LAST_SEQ: Number.MAX_SAFE_INTEGER },
    ])
  })

  it('notices silence: asks after a heartbeat, and cuts after ten seconds more', async () => {
    const { environment, up, told, sockets } = world()
    const socket = up()
    await environment.advance(25_000)
    expect(socket.sent.at(-1)).toEqual({ REASON: 'connect', TOKEN: 'token' })
    socket.greet({ RESUMED: true })
    expect(told).toEqual([['connected', false], 'refreshed'])
    await environment.advance(25_000)
    await environment.advance(10_000)
    expect([socket.isClosed, told.at(-1)]).toEqual([true, 'lost'])
    await environment.advance(1_000)
    expect(sockets).toHaveLength(2)
  })

  it('asks soon when something stays unanswered, and cuts when that does too', async () => {
    const { link, environment, up } = world()
    const socket = up()
    void link.say(hangUp)
    await environment.advance(4_000)
    expect(socket.sent.at(-1)).toMatchObject({ REASON: 'connect' })
    await environment.advance(9_999)
    expect(socket.isClosed).toBe(false)
    await environment.advance(1)
    expect(socket.isClosed).toBe(true)
  })

  it('waits for a server that is there and cannot write', async () => {
    const { link, environment, up } = world()
    const socket = up()
    void link.say(hangUp)
    for (let n = 0; n < 10; n++) {
      await environment.advance(4_000)
      socket.greet({ RESUMED: true })
    }
    expect(socket.isClosed).toBe(false)
  })

  it('on another network finds out at once', async () => {
    const { link, environment, up } = world()
    const socket = up()
    link.probe()
    expect(socket.sent).toHaveLength(2)
    await environment.advance(10_000)
    expect(socket.isClosed).toBe(true)
  })

  it('a server that does not answer is tried again, with growing waits, for ever', async () => {
    const { environment, sockets, last } = world()
    const waits = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]
    for (const [n, wait] of waits.entries()) {
      last().end(1006)
      await environment.advance(wait - 1)
      expect(sockets).toHaveLength(n + 1)
      await environment.advance(1)
      expect(sockets).toHaveLength(n + 2)
    }
  })

  it('a goodbye for good ends it, and everything that waits', async () => {
    const { link, up, told, environment, sockets } = world()
    const socket = up()
    const said = link.say(hangUp)
    socket.end(4403, 'revoked')
    await expect(said).rejects.toMatchObject({
      name: 'ConnectionError',
      code: 'revoked',
      advice: 'Log in again.',
    })
    await expect(link.say(hangUp)).rejects.toMatchObject({ code: 'offline' })
    await environment.advance(1e9)
    expect([told.at(-1), sockets.length, environment.timers]).toEqual([['closed', 'revoked'], 1, 0])
  })

  it('refusals reach who said it; frames that are none reach nobody', async () => {
    const { link, up, told } = world()
    const socket = up()
    const said = link.say(hangUp)
    socket.deliver({ REASON: 'error', CODE: 'no_call', MESSAGE: 'x', ID: socket.sent.at(-1)?.ID, SEQ: 1 })
    await expect(said).rejects.toMatchObject({ name: 'CallError', code: 'no_call', message: 'x' })
    for (const data of ['', '{', 'null', '[]', '{"REASON":7}']) socket.onmessage?.({ data } as never)
    expect(told).toEqual([['connected', false]])
  })
})
