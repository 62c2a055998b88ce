import { randomUUID } from 'node:crypto'
import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import { v7 } from 'uuid'
import { beforeAll, expect, test } from 'vitest'
import { csvField } from '../admin/views/csv.js'
import { whyOf } from '../admin/views/why.js'
import { systemClock } from '../clock.js'
import { createTerms } from '../cluster/terms.js'
import type { Ended } from '../exchange/call.js'
import { countCandidate, passedBy } from '../exchange/passed.js'
import type { TraceRow } from '../signaling/journal.js'
import { pgCallViews } from './call-views.js'
import { pgCalls } from './calls.js'
import { statement } from './database.js'
import { type TestDatabase, testDatabase } from './testing.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
  return () => db.close()
})

const enlist = statement(
  'test.enlist',
  `insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
   values ($1, $2, $2 || '@example.org', $2 || '@example.org', 'A', 'B', '$argon2id$', now())`,
)
let numbers = 6_550_000
async function seat() {
  const [userId, number] = [randomUUID() as UserId, `${++numbers}` as PhoneNumber]
  await db.database.query(enlist, [userId, number])
  return { userId, number, device: randomUUID() as DeviceId, login: randomUUID() as LoginId }
}
type Seat = Awaited<ReturnType<typeof seat>>

const t0 = Date.parse('2026-03-01T12:00:00Z')

/** A call that began so many seconds after the first. */
async function past(caller: Seat, callee: Seat, second: number, more: Partial<Ended> = {}) {
  const id = v7({ msecs: t0 + second * 1_000 }) as CallId
  const passed = passedBy('m=audio 9 m=video 9')
  for (const type of ['host', 'host', 'srflx'])
    countCandidate(passed.caller, `"candidate:1 1 udp 1 192.0.2.1 9 typ ${type}"`)
  countCandidate(passed.callee, '"candidate:1 1 udp 1 192.0.2.1 9 typ host"')
  const call: Ended = {
    ...{ state: 'ended', id, caller, dialled: callee.number, relayOnly: false, passed },
    ...{ callee: callee.userId, calleeSeat: callee, placedAt: 0, rangAt: 500, answeredAt: 2_000 },
    ...{ endedAt: 62_000, cause: 'hung_up', ...more },
  }
  const line = (seq: number, kind: TraceRow['kind'], device?: DeviceId, detail?: string): TraceRow => ({
    ...{ callId: id, seq, at: t0 + second * 1_000 + seq * 500, kind, device, detail },
  })
  const steps = [line(0, 'placed', caller.device), line(1, 'rung', callee.device)]
  if (call.answeredAt !== undefined) steps.push(line(4, 'accepted', callee.device))
  steps.push(line(124, 'ended', undefined, call.cause))
  const { database } = db
  const calls = pgCalls({
    ...{ database, clock: systemClock, newId: randomUUID, owner: undefined },
    terms: createTerms(),
  })
  await calls.write([call], steps, at => t0 + second * 1_000 + at)
  return id
}

test('pages go from the newest to the oldest, by user, cause and time, whoever called', async () => {
  const [ada, bo, cy] = [await seat(), await seat(), await seat()]
  const ids: string[] = []
  for (let n = 0; n < 5; n++) ids.unshift(await past(n % 2 ? ada : bo, n % 2 ? bo : ada, n * 60))
  const missed = await past(cy, ada, 600, {
    cause: 'no_answer',
    answeredAt: undefined,
    calleeSeat: undefined,
  })
  const views = pgCallViews(db.database)
  const first = await views.page({ user: bo.userId }, undefined, 3)
  const second = await views.page({ user: bo.userId }, first.next ?? undefined, 3)
  expect([...first.calls, ...second.calls].map(({ id }) => id)).toEqual(ids)
  expect([first.next, second.next]).toEqual([ids[2], null])
  expect(first.calls[0]).toMatchObject({
    ...{ state: 'ended', cause: 'hung_up', durationSeconds: 60, video: true, node: null },
    ...{ from: { userId: bo.userId, number: bo.number, name: 'A B' }, to: { userId: ada.userId } },
  })
  const ofCause = await views.page({ cause: 'no_answer' }, undefined, 50)
  expect(ofCause.calls.map(({ id }) => id)).toEqual([missed])
  const ended = await views.page({ cause: 'hung_up' }, undefined, 3)
  const before = await views.page({ cause: 'hung_up' }, ended.next ?? undefined, 3)
  expect([...ended.calls, ...before.calls].map(({ id }) => id)).toEqual(ids)
  expect((await views.page({ cause: 'no_answer', user: bo.userId }, undefined, 50)).calls).toEqual([])
  expect((await views.page({ cause: 'no_answer', to: new Date(t0) }, undefined, 50)).calls).toEqual([])
  const from = new Date(t0 + 60_000)
  const to = new Date(t0 + 180_000)
  const between = await views.page({ from, to }, undefined, 50)
  expect(between.calls.map(({ id }) => id)).toEqual([ids[2], ids[3]])
  expect((await views.page({ state: 'ringing' }, undefined, 50)).calls).toEqual([])
  expect(await views.live(10)).toEqual([])
})

test('the story of one call: who was given the ring, what came by, and what came of it', async () => {
  const [ada, bo] = [await seat(), await seat()]
  const views = pgCallViews(db.database)
  const stored = await views.one(await past(ada, bo, 1_000))
  if (!stored) throw new Error('it was written')
  const view = whyOf(stored)
  expect(view.trace.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['placed', { offered: 'video' }],
    ['rung', {}],
    ['accepted', {}],
    ['ended', { cause: 'hung_up' }],
  ])
  expect(view.devices).toMatchObject([{ device: bo.device, answer: 'accepted' }])
  expect(view.candidates).toEqual({
    from: { host: 2, srflx: 1, prflx: 0, relay: 0 },
    to: { host: 1, srflx: 0, prflx: 0, relay: 0 },
  })
  expect([view.way, view.verdict]).toEqual([
    'direct',
    { code: 'hung_up', rang: true, devices: 1, secondsToRing: 0.5 },
  ])
  expect(await views.one(randomUUID())).toBeUndefined()
})

test('a spreadsheet finds no formula in a field, and no field ends early', () => {
  expect(['+46701234567', '=1+1', '@SUM(A1)', '-2', '\t=1', ' =1'].map(csvField)).toEqual([
    ...[`"'+46701234567"`, `"'=1+1"`, `"'@SUM(A1)"`, `"'-2"`, `"'\t=1"`, `"' =1"`],
  ])
  expect([csvField('a "b", c\n'), csvField(null), csvField(12), csvField(false)]).toEqual([
    ...['"a ""b"", c\n"', '""', '"12"', '"false"'],
  ])
})
