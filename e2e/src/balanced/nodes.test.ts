import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { type Nodes, startNodes } from '../cluster/nodes.js'
import { describeWith } from '../databases/services.js'
import { connectDevice, type Device } from '../device.js'
import { establish, expectHangUp, expectProblem } from '../expectations.js'
import { until } from '../faults/processes.js'
import { type Account, login, person, type Rest, register } from '../people.js'
import { request } from '../rest-client.js'
import { type Frame, openWire, type Wire } from '../wire.js'
import { type Nginx, nginx, startNginx } from './nginx.js'

let addresses = 0
/** Limits count by address: everybody in here has one of their own, of the loopback network. */
function freshAddress(): string {
  addresses += 1
  return `127.0.1.${addresses}`
}

/** As a client does: who is told 1012 while the nodes find out who died comes again (docs/protocol.md, close codes). */
async function comeBack(device: Device): Promise<Frame> {
  for (;;) {
    try {
      return await device.resume()
    } catch (error) {
      if (!String(error).includes('socket closed (1012')) throw error
    }
  }
}

describeWith('two nodes behind nginx', nginx() !== undefined, () => {
  let cluster: Nodes
  let front: Nginx

  const restFrom =
    (localAddress: string): Rest =>
    (method, path, more = {}) =>
      request(front.api, method, path, { ca: front.ca, localAddress, ...more })
  const join = async (): Promise<Account> => {
    const [who, rest] = [person(), restFrom(freshAddress())]
    await register(rest, who)
    return { ...who, token: await login(rest, who) }
  }
  const device = async (at: 'signal' | 'api' = 'signal') => {
    const url = at === 'signal' ? front.signal : `${front.api.replace('https', 'wss')}/signal`
    const connected = await connectDevice(url, await join(), { ca: front.ca, localAddress: freshAddress() })
    onTestFinished(() => connected.wire.socket.terminate())
    return connected
  }
  /** Where sockets that are closed by now had been. */
  const nodesOf = async (line: string, count: number) => {
    let found: string[] = []
    const areThere = async () => {
      found = (await front.requests()).flatMap(each =>
        each.includes(line) ? (each.split(' ')[5] ?? []) : [],
      )
      return found.length >= count
    }
    await until('the lines in the log', areThere, 5_000)
    return found
  }

  beforeAll(async () => {
    cluster = await startNodes(2, { RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' })
    const at = (which: 'api' | 'signal') => cluster.nodes.map(node => new URL(node[which]).host)
    front = await startNginx({ api: at('api'), signal: at('signal') })
  })
  afterAll(async () => {
    await front?.stop()
    await cluster?.dispose()
  })

  it('accounts and contacts work, bodies of GET and DELETE included, encrypted as the nodes see it', async () => {
    const [ada, ben, rest] = [await join(), await join(), restFrom(freshAddress())]
    const contact = { contact_phonenumber: ben.phone_number }
    expect((await rest('POST', '/add_contact', { token: ada.token, body: contact })).status).toBe(201)
    const user = await rest('GET', '/get_user', { token: ada.token, body: {} })
    expect(user).toMatchObject({ status: 200, body: { email: ada.email } })
    expect(user.headers['strict-transport-security']).toMatch(/max-age=\d{8}/)
    const forgotten = await rest('GET', '/get_reset_password_code', { body: { email: ada.email } })
    expect(forgotten.status).toBe(202)
    const code = { email: ada.email, verify_code: 'EXAMPLE123' }
    expectProblem(await rest('GET', '/verify_reset_password_code', { body: code }), 400, 'invalid_code')
    expect((await rest('DELETE', '/delete_contact', { token: ada.token, body: contact })).status).toBe(204)
  })

  it.each([
    ['signal', 'GET / 101'],
    ['api', 'GET /signal 101'],
  ] as const)('people on different nodes call each other, by the %s port', async (at, line) => {
    const [caller, callee] = [await device(at), await device(at)]
    const callId = await establish(caller, callee)
    for (const text of ['one', 'two', 'three']) caller.candidate(callee.number, text)
    for (const text of ['one', 'two', 'three']) {
      expect(await callee.next('ICECandidate')).toMatchObject({ CANDIDATE: text, CALL_ID: callId })
    }
    await callee.drop()
    caller.candidate(callee.number, 'missed')
    await caller.fence()
    expect(await callee.resume()).toMatchObject({ RESUMED: true })
    expect(await callee.next('ICECandidate')).toMatchObject({ CANDIDATE: 'missed' })
    callee.hangUp(caller.number)
    await expectHangUp(caller, 'hung_up', callId)
    await Promise.all([caller.drop(), callee.drop()])
    expect(new Set(await nodesOf(line, 3)).size).toBe(2)
  })

  it('limits count the client, not nginx; what a client says of its address changes nothing', async () => {
    const limited = freshAddress()
    const ask = (address: string, headers = {}) =>
      restFrom(address)('POST', '/get_reset_password_code', { body: { email: person().email }, headers })
    const lie = (n: number) => ({
      'x-forwarded-for': `203.0.113.${n}, 127.0.0.1`,
      'x-real-ip': `203.0.113.${n}`,
    })
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => ask(limited, lie(n))))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(20)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
    expect((await ask(freshAddress(), { 'x-forwarded-for': limited })).status).toBe(202)
    expect((await ask(freshAddress())).status).toBe(202)
  })

  it('sockets are counted by the client as well', async () => {
    const open = (localAddress: string, n: number) =>
      openWire(front.signal, { ca: front.ca, localAddress, headers: { 'x-forwarded-for': `203.0.113.${n}` } })
    const crowd = freshAddress()
    // 100 that have not said `connect`, on each of the two.
    const opened = await Promise.allSettled(Array.from({ length: 230 }, (_, n) => open(crowd, n)))
    const wires = opened.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
    const refused = opened.flatMap(each => (each.status === 'rejected' ? [String(each.reason)] : []))
    expect(wires).toHaveLength(200)
    expect(new Set(refused)).toEqual(new Set(['Error: upgrade refused with 429']))
    const other = await open(freshAddress(), 1)
    for (const { socket } of [...wires, other]) socket.terminate()
  })

  it('a node that is killed: who asks or connects next notices nothing, its calls live on', async () => {
    const [caller, callee] = [await device(), await device()]
    const account = await join()
    const callId = await establish(caller, callee)
    const rest = restFrom(freshAddress())
    await caller.ask({ REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: callee.number, CANDIDATE: 'written' })
    const [node] = cluster.nodes
    const cut = Promise.race([caller.closed, callee.closed])
    await node?.kill()
    const cutOff = await cut
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => rest('GET', '/get_user', { token: account.token, body: {} })),
      ...Array.from({ length: 3 }, () =>
        rest('POST', '/login', { body: { email: account.email, password: account.password } }),
      ),
      ...Array.from({ length: 3 }, () =>
        rest('PUT', '/put_firstname', { token: account.token, body: { firstname: 'Maja' } }),
      ),
    ])
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200))
    expect([1006, 1012]).toContain(cutOff.code)
    expect((await device()).hello).toMatchObject({ REASON: 'connected' })
    for (const each of [caller, callee]) {
      await each.drop()
      expect((await comeBack(each)).CALLS).toMatchObject([
        { CALL_ID: callId, STATE: 'established', HERE: true },
      ])
    }
    caller.candidate(callee.number, 'on')
    expect(await callee.until('it', ({ REASON }) => REASON === 'ICECandidate')).toMatchObject({
      CANDIDATE: 'on',
    })

    await node?.start()
    callee.hangUp(caller.number)
    await expectHangUp(caller, 'hung_up', callId)
  }, 60_000)

  it('nodes are stopped and started in turn: who reads or connects notices nothing, a change is done or to be asked again', async () => {
    const { token } = await join()
    let isOver = false
    const answers = { GET: new Map<string, number>(), PUT: new Map<string, number>() }
    const lane = async (method: 'GET' | 'PUT', path: string, body: object) => {
      for (const rest = restFrom(freshAddress()); !isOver; ) {
        const { status, headers } = await rest(method, path, { token, body })
        const what = status === 503 && headers['retry-after'] === '2' ? 'again' : String(status)
        answers[method].set(what, (answers[method].get(what) ?? 0) + 1)
      }
    }
    const wires: Wire[] = []
    let opened = 0
    const refused: unknown[] = []
    /** Many, but not so many at once that an address has too many which have not said `connect`. */
    const sockets = async (url: string) => {
      for (
        const localAddress = freshAddress();
        !isOver;
        await restFrom(localAddress)('GET', '/health/live')
      ) {
        try {
          wires.push(await openWire(url, { ca: front.ca, localAddress }))
          opened += 1
          if (wires.length > 50) wires.shift()?.socket.terminate()
        } catch (error) {
          refused.push(error)
        }
      }
    }
    const lanes = Promise.all([
      ...Array.from({ length: 3 }, () => lane('GET', '/get_user', {})),
      ...Array.from({ length: 3 }, () => lane('PUT', '/put_firstname', { firstname: 'Mara' })),
      sockets(front.signal),
      sockets(`${front.api.replace('https', 'wss')}/signal`),
    ])
    try {
      for (const node of cluster.nodes) {
        await node.stop()
        await node.start()
        const from = (await front.requests()).length
        // For requests: for sockets no node is ever out, so that one that got a socket may still be (deploy/nginx.conf).
        const isUsed = async () =>
          (await front.requests())
            .slice(from)
            .filter(line => !line.includes(' GET /signal '))
            .some(line => line.split(' ')[5] === new URL(node.api).host)
        await until('nginx to use it again', isUsed, 10_000)
      }
    } finally {
      isOver = true
      await lanes
      for (const { socket } of wires) socket.terminate()
    }
    expect([...answers.GET.keys()]).toEqual(['200'])
    expect(['200', 'again']).toEqual(expect.arrayContaining([...answers.PUT.keys()]))
    expect(answers.PUT.get('again') ?? 0).toBeLessThan((answers.PUT.get('200') ?? 0) / 50)
    expect(refused).toEqual([])
    expect(opened).toBeGreaterThan(40)
  }, 60_000)
})
