import type { RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerSocket } from './answer-socket.js'
import { problemOf } from './problem.js'
import { exchangeBytes, httpWorld, listening } from './testing.js'
import { onWebSocketRequest } from './upgrades.js'

const hex = (value: unknown) => Buffer.from(String(value ?? ''), 'latin1').toString('hex')

/** Says what it was sent. */
const echo: RequestListener = async (request, response) => {
  const { method, url, headers } = request
  response.end(JSON.stringify({ method, url, body: await text(request), mark: hex(headers['x-mark']) }))
}

const { createServer, newId } = httpWorld()
const server = createServer((request, response) => void echo(request, response))
onWebSocketRequest(server, newId, (_request, socket) =>
  answerSocket(socket, newId(), problemOf('upgrade_required', 'taken as a socket')),
)
let port: number
beforeAll(async () => {
  port = await listening(server)
})
afterAll(() => new Promise(resolve => server.close(resolve)))

const h2c =
  'connection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAAB\r\n'
const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1))

describe('who asks for another protocol is answered in this one', () => {
  test('without a body, as Java does with a GET', async () => {
    const answer = await exchangeBytes(port, `GET /a?b=c HTTP/1.1\r\nhost: x\r\nx-mark: \xe9\r\n${h2c}\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(bodyOf(answer)).toEqual({ method: 'GET', url: '/a?b=c', body: '', mark: 'e9' })
  })

  test('with a body, whole or in pieces, of a length or in chunks', async () => {
    const head = `POST /a HTTP/1.1\r\nhost: x\r\n${h2c}`
    const chunked = `${head}transfer-encoding: chunked\r\n\r\n`
    for (const writes of [
      [`${head}content-length: 5\r\n\r\nhello`],
      [`${head}content-length: 5\r\n\r\nhe`, 'llo'],
      [`${head}content-length: 5\r\n\r\n`, 'hello'],
      [`${chunked}5\r\nhello\r\n0\r\n\r\n`],
      [chunked, '2\r\nhe\r\n', '3\r\nllo\r\n0\r\n\r\n'],
    ]) {
      expect(bodyOf(await exchangeBytes(port, ...writes))).toMatchObject({ method: 'POST', body: 'hello' })
    }
  })

  test('over HTTP/1.0, which knows no upgrade', async () => {
    const answer = await exchangeBytes(
      port,
      `GET / HTTP/1.0\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })
})

test('a WebSocket is one, however it is written and among others', async () => {
  for (const name of ['websocket', 'WebSocket', 'h2c, websocket']) {
    const request = `GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: ${name}\r\n\r\n`
    expect(bodyOf(await exchangeBytes(port, request)).detail).toBe('taken as a socket')
  }
})

test('too many fields are refused, not cut off', async () => {
  for (const upgrade of [h2c, 'connection: upgrade\r\nupgrade: websocket\r\n']) {
    for (let i = 0; i < 20; i++) {
      const request = `GET / HTTP/1.1\r\nhost: x\r\n${upgrade}${'a:\r\n'.repeat(2_500)}\r\n`
      const answer = await exchangeBytes(port, request)
      // Where Node serves h2c by itself the listener's own guard refuses; this server has none.
      if (upgrade !== h2c || !answer.startsWith('HTTP/1.1 200'))
        expect(answer).toMatch(/^HTTP\/1\.1 4(00|31) /)
    }
  }
})

test('a request behind an answer under way waits for its turn, or ends the connection', async () => {
  const slow = createServer((_request, response) => {
    response.write('begun ')
    setImmediate(() => response.end('done'))
  })
  onWebSocketRequest(slow, newId, () => undefined)
  const slowPort = await listening(slow)
  const first = 'GET /first HTTP/1.1\r\nhost: x\r\n\r\n'
  const answer = await exchangeBytes(slowPort, `${first}GET /second HTTP/1.1\r\nhost: x\r\n${h2c}\r\n`)
  const [, ...answers] = answer.split('HTTP/1.1 ')
  for (const each of answers.slice(0, -1)) expect(each).toMatch(/^200 .*begun .*done\r\n0\r\n\r\n$/s)
  await new Promise(resolve => slow.close(resolve))
})
