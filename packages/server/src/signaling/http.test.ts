import { randomBytes } from 'node:crypto'
import type { BusState } from '@switchboard/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { exchangeBytes, httpWorld, listening } from '../http/testing.js'
import type { Connection } from './connection.js'
import { createSignalHttp } from './http.js'
import { startHeart } from './link.js'
import { createSocketServer } from './socket-server.js'

const undo: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

const silent = new Proxy({} as Connection, { get: () => () => undefined })

async function start({
  refusePlain = false,
  isReady = true,
  trustProxy = [] as string[],
  takesSocket = true,
  busState = (): BusState => 'none',
} = {}) {
  const { createServer, newId, way } = httpWorld({ trustProxy })
  const http = createSignalHttp({ createServer, newId, busState, isReady: async () => isReady })
  const heart = startHeart(systemClock, 1_000)
  const sockets = createSocketServer({
    ...{ heart, newId, way, refusePlain },
    random: Math.random,
    open: () => silent,
    seatFor: () => ({ authenticated: () => undefined, release: () => undefined }),
    isOriginAllowed: ({ origin }) => origin === 'http://own.example',
    isAccepting: () => true,
    takesSocket: () => takesSocket,
  })
  sockets.attach(http, '/')
  const port = await listening(http)
  undo.push(
    () => new Promise(resolve => http.close(resolve)),
    () => http.closeAllConnections(),
    () => heart.stop(),
  )
  return (bytes: string) => exchangeBytes(port, bytes)
}

const key = () => randomBytes(16).toString('base64')
const handshake = (fields: Record<string, string> = {}, path = '/') => {
  const all = {
    host: 'x',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key(),
    ...fields,
  }
  const lines = Object.entries(all).filter(([, value]) => value !== '')
  return `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1])
const close = '\x88\x80\0\0\0\0' // a masked, empty close frame

describe('HTTP on the signaling port', () => {
  const plain = (request: string, fields = '') =>
    `${request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${fields}\r\n`

  test('health for probes, a hint for everybody else', async () => {
    const ask = await start()
    expect(await ask(plain('GET /health/live'))).toMatch(/^HTTP\/1\.1 200 .*live\n$/s)
    expect(await ask(plain('HEAD /health/ready'))).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\n$/s)
    for (const request of ['GET /', 'POST /login', 'GET /health']) {
      const answer = await ask(plain(request))
      expect(answer).toMatch(/^HTTP\/1\.1 426 .*upgrade: websocket.*"code":"upgrade_required"/s)
      expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}\r\n/)
    }
  })

  test('without its bus it is ready, and says that the others are out of reach', async () => {
    const ask = await start({ busState: () => 'away' })
    expect(await ask(plain('GET /health/ready'))).toMatch(
      /^HTTP\/1\.1 200 .*\r\n\r\nready, but the bus is away\n$/s,
    )
  })

  test('whoever asks for h2c gets the same', async () => {
    const ask = await start({ isReady: false })
    const h2c = 'GET /health/ready HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'
    const answer = await ask(h2c.replace('upgrade\r\n', 'upgrade, close\r\n'))
    expect(statusOf(answer)).toBe(503)
  })

  test('what is not HTTP is answered 400 and closed', async () => {
    const ask = await start()
    for (const bytes of ['nonsense\r\n\r\n', '\x16\x03\x01\x02\0\x01\0', '{"REASON":"connect"}\r\n\r\n']) {
      expect(statusOf(await ask(bytes))).toBe(400)
    }
  })

  test('odd fields do no harm', async () => {
    const ask = await start()
    for (let i = 0; i < 100; i++) {
      expect(statusOf(await ask(plain('GET /', '__proto__: x\r\n')))).toBe(426)
    }
  })
})

describe('a handshake', () => {
  test('that is right is taken', async () => {
    const ask = await start()
    for (const fields of [{}, { origin: 'http://own.example' }, { constructor: 'z' }]) {
      expect(statusOf(await ask(handshake(fields) + close))).toBe(101)
    }
  })

  test('for which there is no descriptor is told so, and when to come back', async () => {
    const answer = await (await start({ takesSocket: false }))(handshake())
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*retry-after: 35\r\n.*"code":"service_unavailable"/s)
    expect(answer).toContain('The server has as many connections as it can take')
  })

  test.each([
    ['no key', { 'sec-websocket-key': '' }, 400],
    ['a short key', { 'sec-websocket-key': 'abc' }, 400],
    ['a long key', { 'sec-websocket-key': 'a'.repeat(10_000) }, 400],
    ['an unknown version', { 'sec-websocket-version': '99' }, 400],
    ['no version', { 'sec-websocket-version': '' }, 400],
    ['a malformed protocol', { 'sec-websocket-protocol': 'a,,b' }, 400],
    ['no Host', { host: '' }, 400],
    ['a foreign page', { origin: 'https://evil.example' }, 403],
    ['a page of no origin', { origin: 'null' }, 403],
  ])('with %s is refused, every time', async (_what, fields, status) => {
    const ask = await start()
    for (let i = 0; i < 100; i++) expect(statusOf(await ask(handshake(fields)))).toBe(status)
    expect(statusOf(await ask(handshake() + close))).toBe(101)
  })

  test('a field named __proto__ and 2,500 fields are survived', async () => {
    const ask = await start()
    const proto = handshake().replace('host: x\r\n', 'host: x\r\n__proto__: x\r\n')
    const many = handshake().replace('host: x\r\n', `host: x\r\n${'a:\r\n'.repeat(2_500)}`)
    for (let i = 0; i < 100; i++) {
      expect(statusOf(await ask(proto + close))).toBe(101)
      expect([400, 431]).toContain(statusOf(await ask(many))) // 431: newer versions of Node refuse them themselves
    }
  })

  test('elsewhere finds nothing', async () => {
    const ask = await start()
    expect(statusOf(await ask(handshake({}, '/nowhere')))).toBe(404)
  })

  test('in the clear is refused where the profile is strict, but for a proxy of ours', async () => {
    const strict = await start({ refusePlain: true })
    expect(statusOf(await strict(handshake()))).toBe(400)
    expect(statusOf(await strict(handshake({ 'x-forwarded-proto': 'https' })))).toBe(400)
    const behindProxy = await start({ refusePlain: true, trustProxy: ['127.0.0.1'] })
    expect(statusOf(await behindProxy(handshake() + close))).toBe(101)
    expect(statusOf(await behindProxy(handshake({ 'x-forwarded-proto': 'http' })))).toBe(400)
  })
})
