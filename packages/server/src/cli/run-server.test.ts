import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { App } from '../app.js'
import { eventually } from '../eventually.testing.js'
import { limits } from '../limits.js'
import { runServer, type ServerRun } from './run-server.js'

interface Changes {
  readonly level?: string
  readonly close?: App['close']
  readonly link?: string
  readonly isTerminal?: boolean
}

/** A process whose signals, clock and end the test holds. */
function stage({ level = 'info', close = async () => {}, link, isTerminal = false }: Changes = {}) {
  const logged: string[] = []
  const out: string[] = []
  const err: string[] = []
  const exits: number[] = []
  const told: unknown[] = []
  let now = 0
  let onStop: (signal: string) => void = () => {}
  let onFault: (error: unknown) => void = () => {}
  let lose: (reason: Error) => void = () => {}
  const addresses = { api: 'http://127.0.0.1:1', signal: 'ws://127.0.0.1:2', admin: 'http://127.0.0.1:3' }
  const run: ServerRun = {
    start: async onLost => {
      lose = onLost
      return { addresses, close, counts: () => ({ sockets: 2, calls: 1 }), firstAdministrator: link }
    },
    log: pino({ level, base: null }, { write: line => void logged.push(line) }),
    rateLimits: true,
    clock: { wall: () => 5, monotonic: () => now },
    terminal: { out: l => void out.push(l), err: l => void err.push(l), isTerminal, colour: false },
    process: {
      onStop: listener => {
        onStop = listener
      },
      onFault: listener => {
        onFault = listener
      },
      exit: code => void exits.push(code),
      tell: message => void told.push(message),
    },
    underPm2: false,
  }
  return {
    run,
    logged,
    out,
    err,
    exits,
    told,
    addresses,
    signal: (name: string) => onStop(name),
    fault: (error: unknown) => onFault(error),
    lose: (reason: Error) => lose(reason),
    later: (ms: number) => {
      now += ms
    },
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const messages = (lines: readonly string[]) => lines.map(line => JSON.parse(line).msg as string)

test('it says ready, and closes once when told to', async () => {
  const close = vi.fn(async () => {})
  const at = stage({ close })
  const ended = runServer(at.run)
  await eventually(() => expect(messages(at.logged)).toEqual(['ready']))
  expect(JSON.parse(at.logged[0] ?? '')).toMatchObject(at.addresses)
  at.signal('SIGTERM')
  expect(await ended).toBe(0)
  expect(close).toHaveBeenCalledOnce()
})

test.each([true, false])(
  'the link for the first administrator is for a person alone: %s',
  async isTerminal => {
    const link = 'http://localhost:9090/welcome#secret'
    const at = stage({ link, isTerminal })
    const ended = runServer(at.run)
    await eventually(() => expect(messages(at.logged)).toContain('ready'))
    expect(at.out.join('\n').includes(link)).toBe(isTerminal)
    expect(at.logged.join('')).not.toContain('secret')
    expect(at.logged.join('').includes('switchboard admin create')).toBe(!isTerminal)
    at.signal('SIGTERM')
    expect(await ended).toBe(0)
  },
)

test('who started it is told when it is ready, by message as well; PM2 of its metrics', async () => {
  const at = stage()
  const ended = runServer({ ...at.run, underPm2: true })
  await eventually(() => expect(at.told).toHaveLength(2))
  expect(at.told).toMatchObject(['ready', { type: 'axm:monitor', data: { Connections: { value: 2 } } }])
  at.signal('shutdown')
  expect(await ended).toBe(0)
})

test.each(['error', 'silent'])('it says ready at the log level %s too', async level => {
  const at = stage({ level })
  const ended = runServer(at.run)
  await eventually(() => expect(at.out).toHaveLength(1))
  expect(JSON.parse(at.out[0] ?? '')).toEqual({ level: 'info', time: 5, ...at.addresses, msg: 'ready' })
  at.signal('SIGINT')
  expect(await ended).toBe(0)
})

test('the echo of a signal changes nothing, a second one ends it at once', async () => {
  const at = stage({ close: () => new Promise(() => {}) })
  void runServer(at.run)
  at.signal('SIGINT')
  at.later(limits.signalEchoMs - 1)
  at.signal('SIGINT')
  expect(at.exits).toEqual([])
  at.later(1)
  at.signal('SIGINT')
  expect(at.exits).toEqual([1])
})

test('it leaves when closing takes too long', async () => {
  const at = stage({ close: () => new Promise(() => {}) })
  void runServer(at.run)
  at.signal('SIGTERM')
  await vi.advanceTimersByTimeAsync(limits.shutdownMs - 1)
  expect(at.exits).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(at.exits).toEqual([1])
})

test('a signal that comes while it starts closes what has started', async () => {
  const close = vi.fn(async () => {})
  const at = stage({ close })
  const ended = runServer(at.run)
  at.signal('SIGTERM')
  expect(await ended).toBe(0)
  expect(close).toHaveBeenCalledOnce()
})

test.each([
  ['what nobody caught', 'fault'],
  ['a lost database', 'lose'],
] as const)('%s is one fatal line and the end', async (_, how) => {
  const at = stage()
  void runServer(at.run)
  await eventually(() => expect(at.logged).toHaveLength(1))
  at[how](new Error('the sky fell'))
  expect(JSON.parse(at.logged[1] ?? '')).toMatchObject({ level: 60, msg: 'the sky fell' })
  expect(at.exits).toEqual([1])

  const silent = stage({ level: 'silent' })
  void runServer(silent.run)
  await eventually(() => expect(silent.out).toHaveLength(1))
  silent[how](new Error('the sky\nfell'))
  expect(silent.err).toEqual(['switchboard: the sky fell'])
})

test.each(['info', 'silent'])('limits that are off are told loudly at %s', async level => {
  const at = stage({ level })
  void runServer({ ...at.run, rateLimits: false })
  const lines = level === 'info' ? messages(at.logged) : at.err
  expect(lines[0]).toContain('RATE_LIMITS=off')
})

test('a start that fails is the caller’s to tell', async () => {
  const at = stage()
  const failed = runServer({ ...at.run, start: () => Promise.reject(new Error('no')) })
  await expect(failed).rejects.toThrow('no')
})
