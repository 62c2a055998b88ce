import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { limits } from '../limits.js'
import { connectionsWithin, roomFor } from './connection-cap.js'
import { exchangeBytes, type HttpWorldChanges, httpWorld, listening } from './testing.js'

const undo: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

async function start(changes?: HttpWorldChanges) {
  const world = httpWorld(changes)
  const server = world.createServer((_request, response) => response.end('fine'))
  const port = await listening(server)
  undo.push(
    () => new Promise(resolve => server.close(resolve)),
    () => server.closeAllConnections(),
  )
  return { ...world, server, port }
}

const opened = async (port: number) => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  undo.push(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}
const get = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n'

test('every bound on slow clients is set', async () => {
  const { server } = await start()
  expect(server).toMatchObject({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    timeout: limits.answerStalledMs,
  })
})

test('a client that does not close after its bad request is cut', async () => {
  const { server, port } = await start()
  const socket = await opened(port)
  socket.write('nonsense\r\n\r\n')
  const ended = once(socket.resume(), 'end')
  const [connection] = (await once(server, 'clientError').then(([, socket]) => [socket])) as [NodeJS.Socket]
  await ended
  const trickle = setInterval(() => socket.write('x'), 50)
  undo.push(() => clearInterval(trickle))
  await once(connection, 'close', { signal: AbortSignal.timeout(limits.closeWithinMs + 3_000) })
})

test('what is not HTTP is answered, and CONNECT too', async () => {
  const { port } = await start()
  expect(await exchangeBytes(port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"invalid_request"/s)
  expect(await exchangeBytes(port, 'CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n')).toMatch(/^HTTP\/1\.1 405 /)
  for (let i = 0; i < 100; i++) {
    expect(await exchangeBytes(port, `${get}__proto__: x\r\nconstructor: y\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200 /,
    )
  }
})

test('connections beyond the cap are dropped, told of once, and taken again when there is room', async () => {
  const { createServer, port, logged } = await start({ room: roomFor(3) })
  const second = createServer((_request, response) => response.end('fine too'))
  const secondPort = await listening(second)
  undo.push(
    () => new Promise(resolve => second.close(resolve)),
    () => second.closeAllConnections(),
  )

  const sockets = [await opened(port), await opened(port), await opened(secondPort)]
  await expect.poll(() => second.maxConnections).toBe(1)
  for (const full of [port, secondPort, port]) {
    const socket = await opened(full)
    await once(socket.resume(), 'end')
  }
  expect(logged.filter(line => line.includes('too many connections'))).toHaveLength(1)

  sockets[0]?.destroy()
  await expect.poll(() => second.maxConnections).toBe(2)
  expect(await exchangeBytes(secondPort, `${get}\r\n`)).toMatch(/fine too$/)
})

test('from some number on no socket stays, requests are served, and it is told of once', async () => {
  const { server, cap, port, logged } = await start({ room: { most: 4, sockets: 2 } })
  const taken: boolean[] = []
  server.on('connection', () => taken.push(cap.takesSocket()))
  const sockets = [await opened(port), await opened(port), await opened(port)]
  expect(await exchangeBytes(port, `${get}\r\n`)).toMatch(/fine$/)
  expect(taken).toEqual([true, true, false, false])
  expect(logged.filter(line => line.includes('new sockets are answered 503'))).toHaveLength(1)

  for (const socket of sockets) socket.destroy()
  await expect.poll(cap.takesSocket).toBe(true)
  await opened(port)
  await expect.poll(() => taken.at(-1)).toBe(true)
})

test('the cap leaves files for everything else', () => {
  expect(connectionsWithin(20_000)).toEqual({ most: 19_744, sockets: 19_616 })
  expect(connectionsWithin(1_024)).toEqual({ most: 921, sockets: 869 })
  expect(connectionsWithin(512)).toEqual({ most: 448, sockets: 422 })
  expect(connectionsWithin(70)).toEqual({ most: 6, sockets: 1 })
  expect(connectionsWithin(Number.POSITIVE_INFINITY)).toEqual(roomFor(Number.MAX_SAFE_INTEGER))
})

test('HSTS where a proxy of ours says that it is TLS, never elsewhere', async () => {
  const hsts = async (trustProxy: readonly string[], proto?: string) => {
    const { port } = await start({ trustProxy })
    const answer = await exchangeBytes(port, `${get}${proto ? `x-forwarded-proto: ${proto}\r\n` : ''}\r\n`)
    return /strict-transport-security: (.*)\r\n/i.exec(answer)?.[1]
  }
  expect(await hsts(['127.0.0.0/8'], 'https')).toBe('max-age=31536000; includeSubDomains')
  expect(await hsts(['127.0.0.0/8'], 'http')).toBeUndefined()
  expect(await hsts(['127.0.0.0/8'], 'https, http')).toBeUndefined()
  expect(await hsts(['127.0.0.0/8'])).toBeUndefined()
  expect(await hsts(['10.0.0.0/8'], 'https')).toBeUndefined()
  expect(await hsts([], 'https')).toBeUndefined()
})

test('connections are kept alive', async () => {
  const { port } = await start()
  const agent = new Agent({ keepAlive: true })
  undo.push(() => agent.destroy())
  const ask = async () => {
    const asked = request({ port, agent }).end()
    const [response] = await once(asked, 'response')
    response.resume()
    await once(response, 'end')
    return asked.reusedSocket
  }
  expect([await ask(), await ask()]).toEqual([false, true])
})
