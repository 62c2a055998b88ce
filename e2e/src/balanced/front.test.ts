import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { describeWith } from '../databases/services.js'
import { expectProblem } from '../expectations.js'
import { freePort } from '../postgres.js'
import { type RestOptions, request } from '../rest-client.js'
import { type Nginx, nginx, startNginx } from './nginx.js'
import { type StandIn, startStandIn } from './stand-in.js'

const start = async (...api: string[]) => {
  const front = await startNginx({ api, signal: [`127.0.0.1:${await freePort()}`] })
  onTestFinished(() => front.stop())
  return front
}
const standIn = async (behaves: Parameters<typeof startStandIn>[0]) => {
  const node = await startStandIn(behaves)
  onTestFinished(() => node.stop())
  return node
}

describeWith('nginx before nodes', nginx() !== undefined, () => {
  describe('when a node breaks off', () => {
    const changing = [
      ...['POST /login', 'PUT /put_password', 'PUT /put_firstname', 'DELETE /delete_contact'],
      ...[
        'GET /get_reset_password_code',
        'GET /verify_reset_password_code',
        'GET /get%5Freset_password_code',
      ],
    ]

    it.each(changing)('%s is not repeated: it may have been done', async what => {
      const [method = '', path = ''] = what.split(' ')
      const [broken, other] = [await standIn('breaks off'), await standIn('breaks off')]
      const front = await start(broken.address, other.address)
      const answer = await request(front.api, method, path, {
        ca: front.ca,
        body: { email: 'a@example.org' },
      })
      expectProblem(answer, 503, 'service_unavailable')
      expect(answer.headers['retry-after']).toBe('2')
      expect([...broken.seen, ...other.seen]).toMatchObject([{ method, url: path }])
    })

    it('a GET that reads is asked of another', async () => {
      const [broken, other] = [await standIn('breaks off'), await standIn('answers')]
      const front = await start(broken.address, other.address)
      for (let n = 0; n < 2; n++) {
        const answer = await request(front.api, 'GET', '/get_user', { ca: front.ca, body: {} })
        expect(answer).toMatchObject({ status: 200, text: 'done' })
      }
      expect(broken.seen).toHaveLength(1)
      expect(other.seen).toMatchObject([{ body: '{}' }, { body: '{}' }])
    })

    it('a GET that no node answers is given up after two', async () => {
      const nodes = [await standIn('breaks off'), await standIn('breaks off'), await standIn('breaks off')]
      const front = await start(...nodes.map(node => node.address))
      expectProblem(
        await request(front.api, 'GET', '/get_user', { ca: front.ca }),
        503,
        'service_unavailable',
      )
      expect(nodes.flatMap(node => node.seen)).toHaveLength(2)
    })
  })

  it.each(['GET', 'POST', 'PUT', 'DELETE'])(
    'a node that is not there keeps no %s from another',
    async method => {
      const node = await standIn('answers')
      const front = await start(`127.0.0.1:${await freePort()}`, node.address)
      for (let n = 0; n < 4; n++) {
        const answer = await request(front.api, method, '/get_reset_password_code', {
          ca: front.ca,
          body: {},
        })
        expect(answer).toMatchObject({ status: 200, text: 'done' })
      }
      expect(node.seen).toHaveLength(4)
    },
  )

  describe('what a client may send', () => {
    let node: StandIn
    let front: Nginx
    beforeAll(async () => {
      node = await startStandIn('answers')
      front = await startNginx({ api: [node.address], signal: [node.address] })
    })
    afterAll(async () => {
      await front?.stop()
      node?.stop()
    })
    const ask = (method: string, path: string, more: RestOptions = {}) =>
      request(front.api, method, path, { ca: front.ca, ...more })
    const raw = async (bytes: string) => {
      const socket = connect({ port: front.port, host: '127.0.0.1', ca: front.ca })
      await once(socket, 'secureConnect')
      socket.write(bytes)
      return text(socket)
    }
    const host = 'Host: calls.example.org'
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: calls.example.org\r\nConnection: close\r\n\r\n'

    it.each([
      ['a length beside chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`],
      ['chunks beside a length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], `0\r\n\r\n${smuggled}`],
      ['two lengths', ['Content-Length: 0', `Content-Length: ${smuggled.length}`], smuggled],
      ['two lengths in one', [`Content-Length: 0, ${smuggled.length}`], smuggled],
      ['a length with a sign', ['Content-Length: +0'], smuggled],
      ['a space before the colon', [`Content-Length : ${smuggled.length}`], smuggled],
      ['a folded field', ['X-Any: a', ' Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`],
      ['an encoding of two', ['Transfer-Encoding: gzip, chunked'], `0\r\n\r\n${smuggled}`],
      ['an encoding that is none', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${smuggled}`],
      ['an encoding behind a tab', ['Transfer-Encoding:\x0bchunked'], `0\r\n\r\n${smuggled}`],
      ['chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], `0\r\n\r\n${smuggled}`],
      ['a chunk of no size', ['Transfer-Encoding: chunked'], `;\r\n\r\n${smuggled}`],
    ])('%s is refused, and nothing of it reaches a node', async (_, fields, body) => {
      const before = node.seen.length
      const answer = await raw(['POST /login HTTP/1.1', host, ...fields, '', body].join('\r\n'))
      expect(answer).toMatch(/^HTTP\/1\.1 (400|501) /)
      expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1)
      expect(node.seen.slice(before)).toEqual([])
    })

    it('chunks in HTTP/1.0, and a request without Host, are refused', async () => {
      const before = node.seen.length
      const chunked = ['POST /login HTTP/1.0', host, 'Transfer-Encoding: chunked', '', `0\r\n\r\n${smuggled}`]
      expect(await raw(chunked.join('\r\n'))).toMatch(/^HTTP\/1\.\d 400 /)
      expect(await raw('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.\d 400 /)
      expect(node.seen.slice(before)).toEqual([])
    })

    it('an upgrade that is none opens no tunnel', async () => {
      const before = node.seen.length
      const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 7']
      await raw(['GET /signal HTTP/1.1', host, ...upgrade, '', smuggled].join('\r\n'))
      await raw(
        ['GET /get_user HTTP/1.1', host, 'Connection: Upgrade', 'Upgrade: h2c', '', smuggled].join('\r\n'),
      )
      // What is behind it is a request of its own, with an address that nginx wrote.
      const came = node.seen.slice(before)
      expect(came.map(({ url }) => url)).toEqual(['/signal', '/smuggled', '/get_user', '/smuggled'])
      for (const { headers } of came) expect(headers['x-forwarded-for']).toBe('127.0.0.1')
      expect(came.slice(1).map(({ headers }) => headers.upgrade)).toEqual([undefined, undefined, undefined])
    })

    it('chunks arrive with a length, and a GET with its body', async () => {
      const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
      await ask('GET', '/get_user', { raw: '{"a":1}', headers })
      const seen = node.seen.at(-1)
      expect(seen).toMatchObject({ method: 'GET', body: '{"a":1}', headers: { 'content-length': '7' } })
      expect(seen?.headers['transfer-encoding']).toBeUndefined()
    })

    it('what only nginx may say, it says', async () => {
      const lies = {
        'x-forwarded-for': '203.0.113.7, 127.0.0.1',
        'X-Forwarded-Proto': 'http',
        x_forwarded_for: '203.0.113.8',
      }
      await ask('GET', '/get_user', { headers: lies, localAddress: '127.0.0.7' })
      const { headers } = node.seen.at(-1) ?? {}
      expect(headers).toMatchObject({
        'x-forwarded-for': '127.0.0.7',
        'x-forwarded-proto': 'https',
        host: `127.0.0.1:${front.port}`,
      })
      expect(JSON.stringify(headers)).not.toContain('203.0.113')
    })

    it('16 KiB of body pass, more is refused as a node would', async () => {
      const body = (size: number) => ({
        raw: 'x'.repeat(size),
        headers: { 'content-type': 'application/json' },
      })
      expect((await ask('POST', '/login', body(16 * 1024))).status).toBe(200)
      const before = node.seen.length
      expectProblem(await ask('POST', '/login', body(16 * 1024 + 1)), 413, 'too_large')
      expect(node.seen.length).toBe(before)
    })

    it('the longest token passes, more than 16 KiB of header fields do not', async () => {
      expect((await ask('GET', '/get_user', { token: `Bearer ${'t'.repeat(4_096)}` })).status).toBe(200)
      const before = node.seen.length
      for (const size of [9_000, 20_000]) {
        expectProblem(
          await ask('GET', '/get_user', { headers: { 'x-any': 'x'.repeat(size) } }),
          431,
          'too_large',
        )
      }
      expectProblem(await ask('GET', `/${'x'.repeat(20_000)}`), 431, 'too_large')
      expect(node.seen.length).toBe(before)
    })

    it('tells nothing of itself, and logs no address, query or token', async () => {
      const token = 'tell-nobody'
      const answer = await ask('GET', '/get_contacts?cursor=secret', { token, localAddress: '127.0.0.9' })
      expect(answer.headers.server).toBe('nginx')
      const lines = (await front.requests()).join('\n')
      expect(lines).toContain('GET /get_contacts 200')
      expect(lines).not.toMatch(/secret|tell-nobody|127\.0\.0\.9/)
    })
  })
})
