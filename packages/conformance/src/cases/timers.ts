import { expectLike, expectTrue } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import { cannotWait } from '../run/target.js'
import { establish, expectClosed, isReason, phones, ring } from './scenes.js'

export const timers = casesOf('timers', [
  [
    'slow-consumer',
    '3',
    'A device that reads nothing is cut with 4408 at 1 MiB unsent, the other goes on, and it can come back',
    async t => {
      const [sender, slow] = await phones(t, 2)
      const CALL_ID = await establish(sender, slow)
      slow.wire.socket.pause()
      // More than the kernel's buffers of both ends hold, so that over a MiB is left unsent.
      for (let n = 0; n < 40; n++) {
        for (let m = 0; m < 20; m++) sender.call(slow.number, 'x'.repeat(30 * 1024))
        await sender.fence()
      }
      slow.wire.socket.resume()
      await expectClosed(slow.closed, 8_000, 4408, 1006)
      const calls = [{ CALL_ID, STATE: 'established' }]
      expectLike('connected', await slow.resume(), { CALLS: calls })
      sender.hangUp(slow.number)
      await slow.until('the end', isReason('HangUp'))
    },
    {
      cannot: ({ slow }) => (slow ? undefined : 'sends 24 MB: --slow'),
      floods: true,
      timeoutSeconds: 120,
    },
  ],
  [
    'no-answer',
    '3, rule 8',
    'A call that nobody answers ends with no_answer on both sides after RING_TIMEOUT_SECONDS',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const since = performance.now()
      const callId = await ring(caller, callee)
      const ms = t.target.ringTimeoutSeconds * 1_000
      for (const device of [caller, callee]) {
        const ended = await device.wire.until('the end', isReason('HangUp'), ms + 5_000)
        expectLike('the end', ended, { CAUSE: 'no_answer', CALL_ID: callId })
      }
      const took = performance.now() - since
      expectTrue(`no sooner than ${ms} ms`, took > ms * 0.9 - 100, took)
      callee.accept(caller.number, 'late')
      expectLike('the answer', await callee.next('error'), { CODE: 'no_call' })
    },
    { cannot: target => cannotWait(target.ringTimeoutSeconds, target), timeoutSeconds: 120 },
  ],
  [
    'connection-lost',
    '3',
    'A party that stays away past the resume window ends the call with connection_lost',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const callId = await establish(caller, callee)
      await caller.fence()
      await callee.drop()
      const ms = t.target.resumeWindowSeconds * 1_000
      const ended = await caller.wire.until('the end', isReason('HangUp'), ms + 8_000)
      expectLike('the end', ended, { CAUSE: 'connection_lost', CALL_ID: callId })
      expectLike('connected', await callee.resume(), { RESUMED: false, CALLS: [] })
    },
    { cannot: target => cannotWait(target.resumeWindowSeconds, target), timeoutSeconds: 90 },
  ],
  [
    'away-too-long',
    '3, rule 4',
    'A receiver waited for in vain is unavailable when the window ends',
    async t => {
      const [caller, callee] = await phones(t, 2)
      await callee.drop()
      caller.call(callee.number)
      const ms = t.target.resumeWindowSeconds * 1_000
      const ended = await caller.wire.until('the end', isReason('HangUp'), ms + 8_000)
      expectLike('the end', ended, { CAUSE: 'unavailable' })
    },
    { cannot: target => cannotWait(target.resumeWindowSeconds, target), timeoutSeconds: 90 },
  ],
])
