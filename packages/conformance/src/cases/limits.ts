import { expectProblem, expectStatus, expectTrue } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import type { Target } from '../run/target.js'
import type { RestResponse } from '../wire/request.js'
import { establish, expectClosed, isReason, phones } from './scenes.js'

const limits = {
  cannot: (target: Target) =>
    target.limits ? undefined : 'keeps others at this address out for a while: --limits',
  aboutLimits: true,
  timeoutSeconds: 60,
}

function expectRetryAfter({ headers }: RestResponse) {
  const seconds = headers['retry-after']
  expectTrue('Retry-After in seconds', /^[1-9]\d*$/.test(String(seconds)), seconds)
}

export const limitCases = casesOf('limits', [
  [
    'wrong-passwords',
    '4',
    '5 wrong passwords of an account, then 429 too_many_attempts with Retry-After',
    async t => {
      const { email } = await t.person()
      const login = () => t.rest('POST', '/login', { body: { email, password: 'Not The Password 1' } })
      for (let n = 0; n < 5; n++) expectProblem(await login(), 401, 'invalid_credentials')
      const answer = await login()
      expectProblem(answer, 429, 'too_many_attempts')
      expectRetryAfter(answer)
    },
    limits,
  ],
  [
    'look-ups',
    '4',
    '20 look-ups of numbers by add_contact, then 429 with Retry-After',
    async t => {
      const { token } = await t.person()
      const add = () => t.rest('POST', '/add_contact', { token, body: { contact_phonenumber: t.number() } })
      for (let n = 0; n < 20; n++) expectStatus(await add(), 404)
      const answer = await add()
      expectStatus(answer, 429)
      expectRetryAfter(answer)
    },
    limits,
  ],
  [
    'control-messages',
    '4',
    'More than 60 control messages in one breath: rate_limited, then closed with 4429',
    async t => {
      const [device] = await phones(t, 1)
      for (let n = 0; n < 200; n++) device.hangUp(t.number())
      const refusal = await device.until('rate_limited', ({ CODE }) => CODE === 'rate_limited')
      expectTrue('an error', isReason('error')(refusal), refusal)
      await expectClosed(device.closed, 5_000, 4429)
    },
    limits,
  ],
  [
    'candidates',
    '4',
    'More than 100 candidates in one breath: the first hundred arrive, then closed with 4429',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await establish(caller, callee)
      for (let n = 0; n < 400; n++) caller.candidate(callee.number, `candidate ${n}`)
      await expectClosed(caller.closed, 5_000, 4429)
      const count = (await callee.fence()).filter(isReason('ICECandidate')).length
      expectTrue('100 to 140 of 400', count >= 100 && count <= 140, count)
    },
    limits,
  ],
  [
    'calls-of-a-pair',
    '4',
    '3 calls a minute of one to another, then rate_limited',
    async t => {
      const [caller, callee] = await phones(t, 2)
      for (let n = 0; n < 3; n++) {
        caller.call(callee.number)
        await caller.until('ringing', isReason('ringing'))
        caller.hangUp(callee.number)
        await callee.until('the end', isReason('HangUp'))
      }
      caller.call(callee.number)
      const refusal = await caller.until('rate_limited', ({ REASON }) => REASON !== 'ack')
      expectTrue('error rate_limited', refusal.CODE === 'rate_limited', refusal)
    },
    limits,
  ],
])
