import { setTimeout as sleep } from 'node:timers/promises'
import { aNumber, aText, expectEqual, expectLike, expectTrue } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import type { Trial } from '../run/trial.js'
import { establish, expectClosed, expectDead, isReason, phones } from './scenes.js'

const signalOfApi = (t: Trial) => t.target.apis.map(api => `${api.replace(/^http/, 'ws')}/signal`)
const addresses = (t: Trial) => [...new Set([...t.target.signals, ...signalOfApi(t)])]

async function expectRefusedUpgrade(opening: Promise<unknown>, what: string, status: RegExp) {
  const how = await opening.then(
    () => 'opened',
    (error: Error) => error.message,
  )
  expectTrue(what, status.test(how), how)
}

export const connect = casesOf('connect', [
  [
    'connected',
    '3',
    'connect is answered with connected: number, session, ICE servers, heartbeat and no calls',
    async t => {
      const device = await t.device()
      expectEqual('connected', device.hello, {
        REASON: 'connected',
        PHONE_NUMBER: device.number,
        SESSION: aText,
        RESUMED: false,
        ICE_SERVERS: device.hello.ICE_SERVERS,
        HEARTBEAT_SECONDS: aNumber,
        CALLS: [],
      })
    },
  ],
  [
    'silent',
    '3',
    'A socket without connect is closed with 4401 after 5 s',
    async t => {
      const socket = await t.socket()
      const since = performance.now()
      await expectClosed(socket.closed, 7_500, 4401)
      const ms = performance.now() - since
      expectTrue('no sooner than 4.5 s', ms > 4_500, ms)
    },
    { timeoutSeconds: 20 },
  ],
  [
    'talkative',
    '3',
    'It is closed as late whatever else it says, and each frame is answered not_connected',
    async t => {
      const socket = await t.socket()
      const since = performance.now()
      for (let n = 0; performance.now() - since < 4_000; n++) {
        socket.send({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: '1212121212', ID: `${n}` })
        expectLike('the answer', await socket.next('error'), { CODE: 'not_connected', ID: `${n}` })
        await sleep(500)
      }
      await expectClosed(socket.closed, 7_500 - (performance.now() - since), 4401)
    },
    { timeoutSeconds: 20 },
  ],
  [
    'bad-token',
    '3',
    'A token that is none closes with 4401',
    async t => {
      for (const TOKEN of ['nonsense', 'a.b.c', 'x'.repeat(4_000)]) {
        const socket = await t.socket()
        socket.send({ REASON: 'connect', TOKEN })
        await expectClosed(socket.closed, 4_000, 4401)
      }
    },
  ],
  [
    'not-connected',
    '3',
    'Every other message before connect is refused with not_connected',
    async t => {
      const socket = await t.socket()
      const to = { RECEIVER_PHONE_NUMBER: '1212121212' }
      for (const message of [
        { REASON: 'call', ...to, SDP: 'offer' },
        { REASON: 'callResponse', RESPONSE: 'accept', ...to, SDP: 'answer' },
        { REASON: 'ICECandidate', ...to, CANDIDATE: null },
        { REASON: 'HangUp', ...to },
      ]) {
        socket.send(message)
        expectLike('the answer', await socket.next('error'), { CODE: 'not_connected', MESSAGE: aText })
      }
    },
  ],
  [
    'renew',
    '3',
    'A second connect renews the same user’s token: same session, and its call goes on',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await establish(caller, callee)
      const { body } = await t.rest('GET', '/authenticate', { token: caller.account.token })
      t.secret(String(body.token), 'renewed token')
      caller.send({ REASON: 'connect', TOKEN: body.token })
      const hello = await caller.until('connected', isReason('connected'))
      const calls = [{ CALL_ID, STATE: 'established', HERE: true }]
      expectLike('connected', hello, { SESSION: caller.session, PHONE_NUMBER: caller.number, CALLS: calls })
      caller.candidate(callee.number, 'after the renewal')
      expectLike('it', await callee.next('ICECandidate'), { CANDIDATE: 'after the renewal', CALL_ID })
    },
  ],
  [
    'never-another-user',
    '3',
    'A second connect never changes the user of a socket',
    async t => {
      const [device] = await phones(t, 1)
      const other = await t.person()
      device.send({ REASON: 'connect', TOKEN: other.token })
      const how = await Promise.race([
        device.closed.then(({ code }) => `closed ${code}`),
        device
          .until('an answer', () => true)
          .then(
            ({ REASON }) => REASON,
            (error: Error) => error.message,
          ),
      ])
      expectTrue('an error or a close', /^error$|closed 4\d\d\d|socket closed/.test(how), how)
    },
  ],
  [
    'bad-second-token',
    '3',
    'A second connect with a bad token closes with 4401',
    async t => {
      const device = await t.device()
      device.send({ REASON: 'connect', TOKEN: 'nonsense' })
      await expectClosed(device.closed, 4_000, 4401)
    },
  ],
  [
    'bad-members',
    '3',
    'A bad SESSION or LAST_SEQ is named, and the socket may try again',
    async t => {
      const { token } = await t.person()
      const socket = await t.socket()
      for (const bad of [{ SESSION: 7 }, { LAST_SEQ: -1 }, { LAST_SEQ: '3' }, { LAST_SEQ: 1.5 }]) {
        socket.send({ REASON: 'connect', TOKEN: token, ...bad })
        expectLike('the answer', await socket.next('error'), { CODE: 'invalid_message' })
      }
      socket.send({ REASON: 'connect', TOKEN: token })
      await socket.next('connected')
    },
  ],
  [
    'signal-of-the-api',
    '3',
    'Signaling is at /signal on the API’s port as well: devices of both call each other',
    async t => {
      const [url = ''] = signalOfApi(t)
      const caller = await t.device(undefined, { url })
      const callee = await t.device()
      await establish(caller, callee)
    },
    {
      cannot: ({ hasOwnSignal }) => (hasOwnSignal ? undefined : 'no address of its own was given: --signal'),
    },
  ],
  [
    'no-compression',
    '3',
    'Compression is not agreed to',
    async t => {
      for (const url of addresses(t)) {
        const { socket } = await t.socket({ url, perMessageDeflate: true })
        expectEqual('the extensions', socket.extensions, '')
      }
    },
  ],
  [
    'foreign-origin',
    '3',
    'A foreign Origin is refused with 403, the server’s own is not',
    async t => {
      for (const url of addresses(t)) {
        for (const origin of ['https://evil.example', 'null', 'file://'])
          await expectRefusedUpgrade(t.socket({ url, headers: { origin } }), `403 to ${origin}`, / 403$/)
        await t.socket({ url, headers: { origin: new URL(url).origin.replace(/^ws/, 'http') } })
      }
    },
  ],
  [
    'heartbeat',
    '3',
    'A ping of the client is answered, and the server pings every HEARTBEAT_SECONDS',
    async t => {
      const device = await t.device()
      const { socket } = device.wire
      const pong = new Promise(resolve => socket.once('pong', resolve))
      socket.ping('x')
      expectEqual('the pong', String(await pong), 'x')
      const seconds = Number(device.hello.HEARTBEAT_SECONDS)
      if (seconds > 10 && !t.target.slow) return
      const pinged = new Promise(resolve => socket.once('ping', () => resolve('ping')))
      const late = sleep(seconds * 1_000 + 5_000, 'none', { ref: false })
      expectEqual(`within ${seconds} s`, await Promise.race([pinged, late]), 'ping')
    },
    { timeoutSeconds: 60 },
  ],
  [
    'dead-login',
    '3',
    'A token whose login has ended closes with 4401',
    async t => {
      const { token } = await t.person()
      await t.rest('POST', '/logout', { token })
      await expectDead(t, token)
      const socket = await t.socket()
      socket.send({ REASON: 'connect', TOKEN: token })
      await expectClosed(socket.closed, 4_000, 4401)
    },
  ],
])
