import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Running, workplace } from './testing.js'

const anyPorts = { HOST: '127.0.0.1', API_PORT: '0', SIGNAL_PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'error' }
const alice = {
  firstname: 'First\u202E',
  lastname: 'Last',
  phone_number: '1234567890',
  email: 'somenice@domain.yup',
  password: 'SuperSecure',
}

let place: Awaited<ReturnType<typeof workplace>>
let server: Running
let api: string
let signal: string
beforeAll(async () => {
  place = await workplace()
  server = place.start(['serve'], anyPorts)
  ;({ api, signal } = JSON.parse(await server.firstLine))
})
afterAll(() => place.dispose())

const post = async (path: string, body: unknown) => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}
const logIn = async () => {
  const { email, password } = alice
  return (await post('/login', { email, password })).body.token
}
const user = (...args: string[]) => place.run(['user', ...args])

/** A device of alice; resolves once the server has taken it, with its close code to come. */
async function connect(): Promise<{ readonly closed: Promise<number> }> {
  const TOKEN = await logIn()
  const socket = new WebSocket(signal)
  const closed = new Promise<number>(resolve => socket.once('close', resolve))
  socket.once('open', () => socket.send(JSON.stringify({ REASON: 'connect', TOKEN })))
  await new Promise((resolve, reject) => socket.once('message', resolve).once('error', reject))
  return { closed }
}

describe.sequential('beside a running server', () => {
  test('it has said where it listens, and is ready', async () => {
    expect((await fetch(`${api}/health/ready`)).status).toBe(200)
  })

  test('user list and show find an account, and let nothing rewrite the terminal', async () => {
    expect(await user('list')).toMatchObject({ code: 0, out: '', err: 'There are no accounts yet.\n' })
    expect((await post('/create_user', alice)).status).toBe(201)
    const listed = await user('list')
    expect(listed.out).toMatch(/1234567890 {2}active .*somenice@domain\.yup {2}First\\u\{202e\} Last/)
    for (const who of ['(123) 456-7890', 'SomeNice@Domain.YUP']) {
      const { code, out } = await user('show', who, '--json')
      expect(code).toBe(0)
      expect(JSON.parse(out)).toMatchObject({ phone_number: '1234567890', contacts: 0, disabled_at: null })
    }
    const { id } = JSON.parse((await user('list', '--json')).out)
    expect((await user('show', id)).out).toContain('somenice@domain.yup')
    expect(await user('show', '555')).toMatchObject({
      code: 1,
      err: 'switchboard: there is no account "555"\n',
    })
  })

  test('user disable closes its sockets and keeps it out, enable lets it in again', async () => {
    const { closed } = await connect()
    const disabled = await user('disable', alice.phone_number)
    expect(disabled).toMatchObject({ code: 0, err: '' })
    expect(await closed).toBe(4403)
    const { email, password } = alice
    expect((await post('/login', { email, password })).status).toBe(401)
    expect((await user('disable', alice.phone_number)).out).toContain('disabled already')
    expect((await user('list')).out).toContain('disabled')
    expect((await user('enable', alice.phone_number)).code).toBe(0)
    expect((await post('/login', { email, password })).status).toBe(200)
  })

  test('user delete wants --yes, then the account is gone and its sockets are closed', async () => {
    const { closed } = await connect()
    const asked = await user('delete', alice.phone_number)
    expect(asked.code).toBe(2)
    expect(asked.err).toContain('--yes')
    const keyless = await place.run(['user', 'delete', alice.phone_number, '--yes'], {
      TOKEN_KEY_FILE: 'none.key',
    })
    expect(keyless).toMatchObject({ code: 1, out: '' })
    expect(keyless.err).toMatch(/^switchboard: TOKEN_KEY_FILE: there is no [^\n]+\n$/)
    expect((await user('show', alice.phone_number)).code).toBe(0)
    expect(await user('delete', alice.phone_number, '--yes')).toMatchObject({ code: 0 })
    expect(await closed).toBe(4403)
    expect((await user('show', alice.phone_number)).code).toBe(1)
  })

  test('migrate has nothing to do, a second server is refused, doctor sees the first', async () => {
    expect(await place.run(['migrate'])).toMatchObject({
      code: 0,
      out: 'the database schema is up to date\n',
    })
    const second = await place.run(['serve'], anyPorts)
    expect(second).toMatchObject({ code: 1, out: '' })
    expect(second.err).toMatch(/^switchboard: another Switchboard server is running[^\n]+\n$/)
    const ports = { API_PORT: new URL(api).port, SIGNAL_PORT: new URL(signal).port }
    const { code, out } = await place.run(['doctor', '--json'], { ...anyPorts, ...ports })
    expect(code).toBe(0)
    const details = JSON.parse(out).checks.map(({ detail }: { detail: string }) => detail)
    expect(details).toContain(`port ${ports.API_PORT}: a Switchboard server is running there`)
    expect(details).toContain(`port ${ports.SIGNAL_PORT}: a Switchboard server is running there`)
    expect(details).toContain('schema up to date')
  })

  test('a taken port is one line', async () => {
    const env = { ...anyPorts, API_PORT: new URL(api).port, DATA_DIR: 'other' }
    const { code, err } = await place.run(['serve'], env)
    expect(code).toBe(1)
    expect(err).toMatch(/^switchboard: API_PORT: port \d+ is taken[^\n]+\n$/)
  })

  test('SIGTERM ends it with 0', async () => {
    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0, err: '' })
  })

  test('on a directory that nobody serves the command line still works', async () => {
    expect(await user('list')).toMatchObject({ code: 0, err: 'There are no accounts yet.\n' })
  })
})
