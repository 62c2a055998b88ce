import { type CloseEvent, closeEvents, type DeviceId, type LoginId, type UserId } from '@switchboard/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../clock.js'
import { limits } from '../limits.js'
import { createSocketBudget } from '../throttles/socket-budget.js'
import { openConnection } from './connection.js'
import { Session } from './session.js'
import type { Connected, Signaling } from './signaling.js'
import { type TextFrame, textOf } from './text-frames.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A connection whose token verification the test decides. */
function opened() {
  const sent: Record<string, unknown>[] = []
  const closed: CloseEvent[] = []
  const handled: unknown[] = []
  const lost: Session[] = []
  let decide: (outcome: 'accept' | CloseEvent) => void = () => undefined
  const socket = {
    send: (text: string) => void sent.push(JSON.parse(text)),
    write: (frame: TextFrame) => void sent.push(JSON.parse(textOf(frame))),
    probe: () => undefined,
    close: (event: CloseEvent) => void closed.push(event),
  }
  const session = new Session('device' as DeviceId, 'user' as UserId, 'login' as LoginId)
  const signaling = {
    connect: (_: unknown, port: Session['socket']) =>
      new Promise<Connected>(resolve => {
        decide = outcome => {
          if (outcome !== 'accept') return resolve({ close: outcome })
          session.socket = port
          resolve({ session, resumed: false })
        }
      }),
    renew: async () => undefined,
    handle: (_: Session, frame: { message: { REASON: string } }) => void handled.push(frame.message.REASON),
    lost: (gone: Session) => void lost.push(gone),
  } as unknown as Signaling
  const means = {
    budget: createSocketBudget(() => undefined),
    seat: { authenticated: () => undefined },
    clock: systemClock,
  }
  const connection = openConnection(socket, signaling, means)
  const say = (message: unknown) => connection.text(JSON.stringify(message))
  return { connection, say, sent, closed, handled, lost, decide: (o: 'accept' | CloseEvent) => decide(o) }
}

const connect = { REASON: 'connect', TOKEN: 'a.b.c' }
const hangUp = { REASON: 'HangUp', RECEIVER_PHONE_NUMBER: '123', ID: '7' }
const tick = () => vi.advanceTimersByTimeAsync(0)

describe('a connection', () => {
  test('is closed 5 s after it opened without a connect, whatever else is said', async () => {
    const { say, sent, closed } = opened()
    await vi.advanceTimersByTimeAsync(limits.connectWithinMs - 1)
    say(hangUp)
    expect(sent).toMatchObject([{ REASON: 'error', CODE: 'not_connected', ID: '7' }])
    expect(closed).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(closed).toEqual([closeEvents.unauthenticated])
  })

  test('who said connect in time and waits for the database is told to come back, not to log in', async () => {
    const { say, closed } = opened()
    say(connect)
    await vi.advanceTimersByTimeAsync(limits.connectWithinMs)
    expect(closed).toEqual([closeEvents.restarting])
  })

  test('acts on what was said right behind connect, in order, once it is verified', async () => {
    const { say, handled, decide, closed } = opened()
    say(connect)
    say(hangUp)
    say({ ...hangUp, REASON: 'HangUp' })
    expect(handled).toEqual([])
    decide('accept')
    await tick()
    expect(handled).toEqual(['HangUp', 'HangUp'])
    await vi.advanceTimersByTimeAsync(limits.connectWithinMs * 2)
    expect(closed).toEqual([])
  })

  test('does not keep without bound what is said behind connect', () => {
    const { say, closed } = opened()
    say(connect)
    for (let i = 0; i <= limits.framesBehindConnect; i++) say(hangUp)
    expect(closed).toEqual([closeEvents.rateLimited])
  })

  test('a socket that says too much is told so, cut, and not heard again', async () => {
    const { say, handled, decide, sent, closed } = opened()
    say(connect)
    decide('accept')
    await tick()
    for (let i = 0; i < 100; i++) say({ ...hangUp, ID: `${i}` })
    expect(handled).toHaveLength(limits.rates.controlMessages.burst - 1)
    expect(sent.filter(frame => frame.REASON === 'error')).toMatchObject([{ CODE: 'rate_limited', ID: '59' }])
    expect(closed).toEqual([closeEvents.rateLimited])
  })

  test('a bad token closes it, and what was said behind is not acted on', async () => {
    const { say, handled, decide, closed } = opened()
    say(connect)
    say(hangUp)
    decide(closeEvents.unauthenticated)
    await tick()
    expect([closed, handled]).toEqual([[closeEvents.unauthenticated], []])
  })

  test('is deaf once it is cut, and its session is told once', async () => {
    const { connection, say, handled, decide, closed, lost } = opened()
    say(connect)
    decide('accept')
    await tick()
    connection.cut(closeEvents.slowConsumer)
    say(hangUp)
    connection.closed()
    expect(handled).toEqual([])
    expect(closed).toEqual([closeEvents.slowConsumer])
    expect(lost).toHaveLength(1)
  })

  test('a connect without a token and a frame that is no JSON are invalid, and it stays open', () => {
    const { connection, say, sent, closed } = opened()
    say({ REASON: 'connect' })
    connection.text('{"REASON":')
    connection.binary()
    expect(sent.map(frame => frame.CODE)).toEqual(['invalid_message', 'invalid_message', 'invalid_message'])
    expect(closed).toEqual([])
  })
})
