import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type App, startApp } from '../app.js'
import { loadConfig } from '../config.js'
import { makeCertificate, replaceFile } from '../http/testing.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'

let dir: string
let db: TestDatabase
let app: App
let shown: ReturnType<typeof makeCertificate>
const logged: string[] = []
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-tls-'))
  shown = makeCertificate(dir, 'shown')
  db = await testDatabase()
  const env = {
    DATABASE_URL: db.url,
    HOST: '127.0.0.1',
    API_PORT: '0',
    SIGNAL_PORT: '0',
    ADMIN_PORT: '0',
    TLS_CERT_FILE: shown.certFile,
    TLS_KEY_FILE: shown.keyFile,
    TOKEN_KEY_FILE: join(dir, 'token.key'),
    SECURITY_PROFILE: 'strict',
  }
  const log = pino({ level: 'info' }, { write: line => void logged.push(line) })
  const noDotEnv = () => {
    throw Object.assign(new Error('none'), { code: 'ENOENT' })
  }
  app = await startApp(loadConfig(env, noDotEnv), log, () => undefined)
})
afterAll(async () => {
  await app?.close()
  await db?.close()
  await rm(dir, { recursive: true })
})

const trusting = { rejectUnauthorized: false }

async function ask(base: string, path: string, agent: Agent | false = false, body?: object) {
  const method = body ? 'POST' : 'GET'
  const headers = { 'content-type': 'application/json' }
  const asked = request(new URL(path, base), { ...trusting, agent, method, headers })
  asked.end(body && JSON.stringify(body))
  const [response] = await once(asked, 'response')
  const socket = response.socket as TLSSocket
  const seen = { name: socket.getPeerCertificate().subject.CN, port: socket.localPort }
  return { ...seen, status: response.statusCode, headers: response.headers, body: await text(response) }
}
const api = () => app.addresses.api ?? ''
const signal = () => app.addresses.signal ?? ''
const signalHttp = () => signal().replace('wss:', 'https:')

async function socketAt(url: string, origin?: string): Promise<{ status: number; socket?: WebSocket }> {
  const socket = new WebSocket(url, { ...trusting, ...(origin && { origin }) })
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ status: 101, socket }))
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0 })
    })
    socket.on('error', reject)
  })
}

test('both ports speak TLS and say so', async () => {
  expect(app.addresses).toEqual({
    api: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
    signal: expect.stringMatching(/^wss:\/\/127\.0\.0\.1:\d+$/),
    // The certificate is for the clients' name, and nothing leaves this machine.
    admin: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  })
  for (const base of [api(), signalHttp()]) {
    const { status, headers, name } = await ask(base, '/health/live')
    expect([status, name]).toEqual([200, 'shown'])
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
  }
  expect((await ask(api(), '/get_user')).status).toBe(401)
})

test('both take sockets, from pages that came over TLS', async () => {
  for (const url of [signal(), `${api().replace('https:', 'wss:')}/signal`]) {
    for (const [origin, status] of [
      [undefined, 101],
      [api(), 101],
      [api().replace('https:', 'http:'), 403],
      ['https://evil.example', 403],
      ['null', 403],
    ] as const) {
      const { status: got, socket } = await socketAt(url, origin)
      expect([url, origin, got]).toEqual([url, origin, status])
      socket?.terminate()
    }
  }
})

/** A device that has said who it is, and that the server will hear of again. */
async function device(): Promise<WebSocket> {
  const person = { email: 'a@b.c', password: 'SuperSecurePassword' }
  await ask(api(), '/create_user', false, {
    ...person,
    firstname: 'A',
    lastname: 'B',
    phone_number: '1234567890',
  })
  const { body } = await ask(api(), '/login', false, person)
  const { socket } = await socketAt(signal())
  if (!socket) throw new Error('no socket')
  socket.send(JSON.stringify({ REASON: 'connect', TOKEN: JSON.parse(body).token }))
  expect(String((await once(socket, 'message'))[0])).toContain('"connected"')
  return socket
}

test('a new certificate is shown to whoever comes, and nobody is sent away', async () => {
  const agent = new Agent({ ...trusting, keepAlive: true, maxSockets: 1 })
  const socket = await device()
  const local = (await ask(api(), '/health/live', agent)).port
  /** What those see who come now; those who came before see what they saw, on the connection they had. */
  const name = async () => {
    const before = await ask(api(), '/health/live', agent)
    expect([before.name, before.port]).toEqual(['shown', local])
    return (await ask(api(), '/health/live')).name
  }
  const complaints = async () => {
    expect(await name()).toBe('shown')
    return logged.filter(line => line.includes('the one before stays')).length
  }

  // As it is when somebody copies one file and then the other, and is slow about it.
  const next = makeCertificate(dir, 'next')
  await replaceFile(next.certFile, shown.certFile)
  await expect.poll(complaints, { timeout: 10_000 }).toBe(1)
  await writeFile(shown.keyFile, (await readFile(next.keyFile)).subarray(0, 40))
  await expect.poll(complaints, { timeout: 10_000 }).toBe(2)
  expect(logged.join('')).not.toContain('PRIVATE KEY')

  await replaceFile(next.keyFile, shown.keyFile)
  await expect.poll(name, { timeout: 10_000 }).toBe('next')
  expect((await ask(signalHttp(), '/health/live')).name).toBe('next')
  const answer = once(socket, 'message')
  socket.send('{"REASON":"HangUp","RECEIVER_PHONE_NUMBER":"1212121212"}')
  expect(String((await answer)[0])).toContain('"no_call"')
  socket.terminate()
  agent.destroy()
})
