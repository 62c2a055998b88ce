import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { limits } from '../limits.js'
import type { Attempt, Delivery } from '../webhooks/deliveries.js'
import { statement } from './database.js'
import { type TestDatabase, testDatabase } from './testing.js'
import { webhookDeliveries as queue } from './webhook-deliveries.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
  return () => db.close()
})
const clear = statement('test.clear', 'delete from webhook_deliveries')
beforeEach(async () => void (await db.database.query(clear)))

const insert = statement(
  'test.insert',
  `insert into webhook_deliveries (subject, step, endpoint, type, at, next_attempt_at, give_up_at)
   select $1::uuid, step, $4, 'call.started', $3, $3, $3::timestamptz + interval '1 day'
   from unnest($2::int[]) as step`,
)
const statesOf = statement<{ step: number; state: string; attempts: number; tries: Attempt[] }>(
  'test.states',
  'select step, state, attempts, tries from webhook_deliveries where subject = $1 order by step',
)

const start = Date.parse('2026-01-31T12:00:00Z')
const at = (seconds: number) => new Date(start + seconds * 1000)
async function put(steps: number[], seconds = 0, subject = randomUUID() as string, endpoint = 'one') {
  await db.database.query(insert, [subject, steps, at(seconds), endpoint])
  return subject
}
const claim = async (seconds: number, atMost = 10, endpoint = 'one') => {
  const claimed = await queue.claim(db.database, {
    ...{ endpoint, now: at(seconds), until: at(seconds + 60), atMost },
  })
  return { ...claimed, steps: claimed.lines.map(line => line.map(({ step }) => step)) }
}
const tried: Attempt = { at: at(0).toISOString(), ms: 3, status: 500, error: 'status' }
const first = ({ lines }: { lines: readonly (readonly Delivery[])[] }) =>
  lines[0]?.[0] ?? expect.fail('nothing was claimed')

test('a subject leaves as a whole and in order, and once', async () => {
  await put([1, 2, 3])
  await put([2], 1)
  expect((await claim(5)).steps).toEqual([[1, 2, 3], [2]])
  expect((await claim(5)).looked).toBe(0)
})

test('what is cut off, or came while an earlier one is on its way, waits for that one', async () => {
  const subject = await put([1, 2])
  const head = await claim(5, 1)
  expect(head.steps).toEqual([[1]])
  expect(await claim(5)).toMatchObject({ steps: [], looked: 1 })
  expect(await claim(5)).toMatchObject({ steps: [], looked: 0 })
  await put([3], 5, subject)
  expect(await claim(6)).toMatchObject({ steps: [], looked: 2 })
  await queue.delivered(db.database, first(head), { ...tried, status: 204, error: null })
  expect((await claim(8)).steps).toEqual([[2, 3]])
})

test('what follows one that failed waits as long, and is not looked at meanwhile', async () => {
  const subject = await put([1, 2])
  await queue.postpone(db.database, first(await claim(5)), at(300), tried)
  await put([3], 6, subject)
  expect(await claim(10)).toMatchObject({ steps: [], looked: 1 })
  expect(await claim(299)).toMatchObject({ steps: [], looked: 0 })
  const again = await claim(300)
  expect(again.steps).toEqual([[1, 2, 3]])
  expect(first(again).attempts).toBe(1)
})

test('a dead receiver with a long queue costs a look at one row at a time, others nothing', async () => {
  for (let n = 0; n < 30; n++) await put([1, 2, 3], n)
  await put([1], 0, undefined, 'two')
  for (let n = 0; n < 10; n++) {
    const claimed = await claim(40, 1)
    expect(claimed.looked).toBe(1)
    for (const line of claimed.lines)
      if (line[0]) await queue.postpone(db.database, line[0], at(4_000), tried)
  }
  expect((await claim(40, 10, 'two')).steps).toEqual([[1]])
})

test('a claim of a worker that died runs out', async () => {
  await put([1, 2])
  await claim(5)
  expect((await claim(64)).looked).toBe(0)
  expect((await claim(66)).steps).toEqual([[1, 2]])
})

test('workers beside each other never have the same subject, nor a later event before an earlier', async () => {
  for (let n = 0; n < 20; n++) await put([1, 2, 3], n % 3)
  const sent = new Map<string, number[]>()
  const work = async () => {
    for (let quiet = 0, now = 10; quiet < 3; now += 2) {
      const { lines, looked } = await claim(now, 4)
      quiet = looked === 0 ? quiet + 1 : 0
      for (const event of lines.flat()) {
        sent.set(event.subject, [...(sent.get(event.subject) ?? []), event.step])
        await queue.delivered(db.database, event, { ...tried, error: null })
      }
    }
  }
  await Promise.all([work(), work(), work()])
  expect(sent.size).toBe(20)
  for (const steps of sent.values()) expect(steps).toEqual([1, 2, 3])
})

test('given up, it lets the next one leave; attempts are kept, the latest of many', async () => {
  const subject = await put([1, 2])
  const event = first(await claim(5))
  for (let n = 0; n < limits.webhookAttemptsKept + 5; n++)
    await queue.postpone(db.database, event, at(5), { ...tried, ms: n })
  await queue.giveUp(db.database, event, tried)
  expect((await claim(6)).steps).toEqual([[2]])
  const [row] = await db.database.query(statesOf, [subject])
  expect(row).toMatchObject({ state: 'given_up', attempts: limits.webhookAttemptsKept + 6 })
  expect(row?.tries).toHaveLength(limits.webhookAttemptsKept)
  expect(row?.tries.at(-1)).toEqual(tried)
})

test('what waited for a day is given up, and what is old goes', async () => {
  const [old, fresh] = [await put([1, 2]), await put([1], 3_600)]
  const day = 24 * 3_600
  expect(await queue.expire(db.database, at(day - 1), 10)).toBe(0)
  expect(await queue.expire(db.database, at(day), 10)).toBe(2)
  expect(await db.database.query(statesOf, [fresh])).toMatchObject([{ state: 'waiting' }])
  const before = { delivered: at(0), given_up: at(1) }
  expect(await queue.prune(db.database, before, 1)).toBe(2) // of one subject: it goes whole
  expect(await queue.prune(db.database, before, 10)).toBe(0)
  expect(await db.database.query(statesOf, [old])).toEqual([])
})

test('what waits is counted, to a bound', async () => {
  for (let n = 0; n < 5; n++) await put([1], 10 - n)
  const ask = (most: number) => queue.backlog(db.database, ['one', 'two'], most)
  expect(await ask(10)).toEqual([
    { endpoint: 'one', waiting: 5, oldest: at(6) },
    { endpoint: 'two', waiting: 0, oldest: null },
  ])
  expect(await ask(3)).toMatchObject([{ waiting: 3 }, { waiting: 0 }])
})
