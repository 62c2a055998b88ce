import { expectEqual, expectLike, expectTrue } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import {
  candidates,
  establish,
  expectClosed,
  expectDead,
  expectEnd,
  expectNoConnection,
  expectNothing,
  isReason,
  phones,
  ring,
} from './scenes.js'

export const resume = casesOf('resume', [
  [
    'what-was-missed',
    '3',
    'connect with SESSION and LAST_SEQ continues the session: what followed comes again, in order, once',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const callId = await establish(caller, callee)
      const { session } = callee
      await callee.drop()
      const missed = ['one', 'two', 'three']
      for (const each of missed) caller.candidate(callee.number, each)
      caller.hangUp(callee.number)
      await caller.fence()
      expectLike('connected', await callee.resume(), { RESUMED: true, SESSION: session })
      expectEqual('candidates', await candidates(callee, 3), missed)
      await expectEnd(callee, 'hung_up', callId)
      expectEqual('what came besides', await callee.fence(), [])
    },
  ],
  [
    'from-last-seq',
    '3',
    'An older LAST_SEQ has more sent again, a newer one less, each with the SEQ it had',
    async t => {
      const [caller, callee] = await phones(t, 2)
      caller.call(callee.number)
      const call = await callee.next('call')
      for (const each of ['one', 'two']) caller.candidate(callee.number, each)
      const seen = [await callee.next('ICECandidate'), await callee.next('ICECandidate')]
      await callee.drop()
      await callee.resume({ LAST_SEQ: Number(call.SEQ) })
      for (const each of seen) expectEqual('it', await callee.next('ICECandidate'), each)
      await callee.drop()
      await callee.resume({ LAST_SEQ: Number(seen[0]?.SEQ) })
      expectEqual('it', await callee.next('ICECandidate'), seen[1])
      expectEqual('what came besides', await callee.fence(), [])
    },
  ],
  [
    'seq-rises',
    '3',
    'Every server message after connected carries a rising SEQ',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await establish(caller, callee)
      const before = callee.lastSeq
      for (let n = 0; n < 10; n++) caller.candidate(callee.number, `${n}`)
      const seqs: number[] = []
      for (let n = 0; n < 10; n++) seqs.push(Number((await callee.next('ICECandidate')).SEQ))
      const risesFrom = [before, ...seqs]
      expectTrue(
        'a rising SEQ',
        seqs.every((seq, n) => seq > Number(risesFrom[n])),
        risesFrom,
      )
    },
  ],
  [
    'calls-outlive-sockets',
    '3',
    'A call outlives a lost socket, ringing or established; CALLS tells it, and it goes on both ways',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await ring(caller, callee)
      const standing = { CALL_ID, SENDER_PHONE_NUMBER: caller.number, RECEIVER_PHONE_NUMBER: callee.number }
      await caller.drop()
      const rings = [{ ...standing, STATE: 'ringing', HERE: true }]
      expectEqual('CALLS', (await caller.resume()).CALLS, rings)
      callee.accept(caller.number)
      await caller.until('the answer', isReason('callResponse'))
      for (const device of [caller, callee]) {
        await device.drop()
        const goesOn = [{ ...standing, STATE: 'established', HERE: true }]
        expectLike('connected', await device.resume(), { RESUMED: true, CALLS: goesOn })
      }
      caller.candidate(callee.number, 'from the caller')
      expectEqual('candidates', await candidates(callee, 1), ['from the caller'])
      callee.candidate(caller.number, 'from the callee')
      expectEqual('candidates', await candidates(caller, 1), ['from the callee'])
    },
  ],
  [
    'calls-elsewhere',
    '3',
    'Another device of a user in a call sees it in CALLS, and that it is not here',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await establish(caller, callee)
      const other = await t.device(await t.again(caller.account))
      expectLike('CALLS', other.hello.CALLS, [{ CALL_ID, STATE: 'established', HERE: false }])
    },
  ],
  [
    'left-socket',
    '3',
    'The socket that a session left is closed with 4409',
    async t => {
      const device = await t.device()
      const left = device.closed
      expectLike('connected', await device.resume(), { RESUMED: true })
      await expectClosed(left, 4_000, 4409)
      expectEqual('what came', await device.fence(), [])
    },
  ],
  [
    'fresh-session',
    '3',
    'An unknown SESSION, and none, give a fresh one',
    async t => {
      const device = await t.device()
      const { session } = device
      await device.drop()
      const hello = await device.reconnect({ SESSION: 'no-such-session', LAST_SEQ: 3 })
      expectLike('connected', hello, { RESUMED: false })
      expectTrue('a session of its own', ![session, 'no-such-session'].includes(device.session), hello)
      const plain = await t.device(device.account)
      expectTrue('another session', plain.session !== device.session, plain.hello)
    },
  ],
  [
    'plain-connect-in-a-call',
    '3',
    'A client that knows no SESSION and connects again has its place in the call',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await establish(caller, callee)
      await callee.drop()
      const hello = await callee.reconnect()
      expectLike('CALLS', hello.CALLS, [{ CALL_ID, STATE: 'established' }])
      caller.candidate(callee.number, 'after it')
      const frame = await callee.until('the candidate', ({ CANDIDATE }) => CANDIDATE === 'after it')
      expectLike('it', frame, { CALL_ID })
    },
  ],
  [
    'session-of-another',
    '3',
    'The SESSION of another user is not given away',
    async t => {
      const [caller, callee, thief] = await phones(t, 3)
      await ring(caller, callee)
      await callee.drop()
      await thief.drop()
      const stolen = await thief.reconnect({ SESSION: callee.session, LAST_SEQ: 0 })
      expectLike('connected', stolen, { RESUMED: false, PHONE_NUMBER: thief.number, CALLS: [] })
      expectEqual('what came', await thief.fence(), [])
      expectLike('connected', await callee.resume(), { RESUMED: true })
    },
  ],
  [
    'replays-250',
    '3',
    '250 missed messages come again, in order',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await establish(caller, callee)
      await callee.drop()
      for (let n = 0; n < 250; n++) caller.call(callee.number, `offer ${n}`)
      await caller.fence()
      expectLike('connected', await callee.resume(), { RESUMED: true })
      for (let n = 0; n < 250; n++) expectLike('it', await callee.next('call'), { SDP: `offer ${n}` })
    },
    { floods: true },
  ],
  [
    'past-256',
    '3',
    'Past 256 missed messages RESUMED is false, CALLS tells where things stand, and the call goes on',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const CALL_ID = await establish(caller, callee)
      await callee.drop()
      for (let n = 0; n < 300; n++) caller.call(callee.number, `offer ${n}`)
      await caller.fence()
      const hello = await callee.resume()
      expectLike('connected', hello, { RESUMED: false, CALLS: [{ CALL_ID, STATE: 'established' }] })
      caller.candidate(callee.number, 'after all')
      expectLike('it', await callee.until('it', isReason('ICECandidate')), { CANDIDATE: 'after all' })
    },
    { floods: true },
  ],
  [
    'dead-login',
    '2; 3',
    'A session whose login has ended cannot be resumed: 4401',
    async t => {
      const device = await t.device()
      await device.drop()
      await t.rest('POST', '/logout', { token: device.account.token })
      await expectDead(t, device.account.token)
      await expectNoConnection(t.device(device.account), 4401)
    },
  ],
  [
    'waited-for',
    '3, rule 4',
    'A receiver whose devices have lost their sockets is waited for: ringing when one is back',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await callee.drop()
      caller.call(callee.number)
      await expectNothing(caller)
      expectLike('connected', await callee.resume(), { RESUMED: true })
      const { CALL_ID } = await callee.next('call')
      expectLike('ringing', await caller.next('ringing'), { CALL_ID })
    },
  ],
])
