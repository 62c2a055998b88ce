import { anInstant, expectEqual, expectLike, expectTrue } from '../check/expect.js'
import { casesOf } from '../run/case.js'
import type { Phone, Trial } from '../run/trial.js'
import { establish, eventually, expectEnd, isReason, phones, ring } from './scenes.js'

interface Row {
  readonly call_id: string
  readonly started_at: string
  readonly answered_at: string | null
  readonly ended_at: string | null
}

const page = async (t: Trial, { account }: Phone, query = '') => {
  const { body } = await t.rest('GET', `/get_call_history${query}`, { token: account.token })
  return body as unknown as { calls: Row[]; next_cursor: string | null }
}

/** The call as the history of a device's user has it, once it is so; rows may be written a little later. */
async function rowOf(t: Trial, device: Phone, callId: string, done = (row: Row) => row.ended_at !== null) {
  const read = async () => (await page(t, device)).calls.find(({ call_id }) => call_id === callId)
  return await eventually('the call in the history', read, row => row !== undefined && done(row))
}

export const history = casesOf('history', [
  [
    'answered',
    '2',
    'An answered call is in the history of both, with direction, peer, times and outcome answered',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const call_id = await establish(caller, callee)
      callee.hangUp(caller.number)
      await caller.until('the end', isReason('HangUp'))
      const times = { started_at: anInstant, answered_at: anInstant, ended_at: anInstant }
      const shared = { call_id, ...times, outcome: 'answered' }
      const row = await rowOf(t, caller, call_id)
      expectEqual('the caller’s', row, { ...shared, direction: 'outgoing', peer: callee.number })
      const other = await rowOf(t, callee, call_id)
      expectEqual('the callee’s', other, { ...shared, direction: 'incoming', peer: caller.number })
      const moments = [row?.started_at, row?.answered_at, row?.ended_at].map(text => Date.parse(String(text)))
      expectEqual(
        'times in order',
        moments,
        moments.toSorted((a, b) => a - b),
      )
    },
  ],
  [
    'going-on',
    '2',
    'A call that rings, and one that goes on, have no end and no outcome yet',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const callId = await ring(caller, callee)
      const rings = await rowOf(t, caller, callId, ({ ended_at }) => ended_at === null)
      expectLike('while it rings', rings, { answered_at: null, ended_at: null, outcome: null })
      callee.accept(caller.number)
      await caller.next('callResponse')
      const goesOn = await rowOf(t, callee, callId, ({ answered_at }) => answered_at !== null)
      expectLike('while it goes on', goesOn, { answered_at: anInstant, ended_at: null, outcome: null })
    },
  ],
  ...(['denied', 'cancelled'] as const).map(
    outcome =>
      [
        outcome,
        '2; 3',
        `Both sides have the outcome ${outcome}`,
        async (t: Trial) => {
          const [caller, callee] = await phones(t, 2)
          const callId = await ring(caller, callee)
          if (outcome === 'denied') callee.deny(caller.number)
          else caller.hangUp(callee.number)
          await (outcome === 'denied' ? caller.next('callResponse') : expectEnd(callee, 'cancelled'))
          for (const device of [caller, callee])
            expectLike('the row', await rowOf(t, device, callId), { outcome, answered_at: null })
        },
      ] as const,
  ),
  [
    'rang-nobody',
    '2; 3',
    'The caller has unavailable, busy and glare as well',
    async t => {
      const [ada, ben, cyd] = await phones(t, 3)
      const over = async (device: Phone) =>
        String((await device.until('the end', isReason('HangUp'))).CALL_ID)
      const number = t.number()
      ada.call(number)
      const missed = await rowOf(t, ada, await over(ada))
      expectLike('the row', missed, { outcome: 'unavailable', direction: 'outgoing', peer: number })
      await ring(ben, cyd)
      cyd.call(ben.number)
      expectLike('the row', await rowOf(t, cyd, await over(cyd)), { outcome: 'glare' })
      cyd.accept(ben.number)
      await ben.until('the answer', isReason('callResponse'))
      ada.call(ben.number)
      expectLike('the row', await rowOf(t, ada, await over(ada)), { outcome: 'busy', peer: ben.number })
    },
  ],
  [
    'pages',
    '2',
    'The newest comes first, in pages that neither miss nor repeat',
    async t => {
      const caller = await t.device()
      const ids: string[] = []
      for (let n = 0; n < 5; n++) {
        caller.call(t.number())
        ids.unshift(String((await expectEnd(caller, 'unavailable')).CALL_ID))
      }
      for (const id of ids) await rowOf(t, caller, id)
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null && seen.length < ids.length) {
        const more: string = cursor && `&cursor=${encodeURIComponent(cursor)}`
        const { calls, next_cursor } = await page(t, caller, `?limit=2${more}`)
        expectTrue('2 calls a page at most', calls.length <= 2, calls.length)
        seen.push(...calls.map(({ call_id }) => call_id))
        cursor = next_cursor
      }
      expectEqual('all pages', seen.slice(0, ids.length), ids)
    },
  ],
  [
    'renegotiation-is-no-call',
    '2; 3, rule 4',
    'A renegotiation is no call of its own',
    async t => {
      const [caller, callee] = await phones(t, 2)
      const before = (await page(t, caller)).calls.length
      const callId = await establish(caller, callee)
      caller.call(callee.number, 'new offer')
      await callee.next('call')
      caller.hangUp(callee.number)
      await callee.until('the end', isReason('HangUp'))
      await rowOf(t, caller, callId)
      expectEqual('calls more than before', (await page(t, caller)).calls.length - before, 1)
    },
  ],
])
