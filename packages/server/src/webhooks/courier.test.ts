import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { pino } from 'pino'
import { v7 } from 'uuid'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../eventually.testing.js'
import { listening } from '../http/testing.js'
import { limits } from '../limits.js'
import { createMeter } from '../meter.js'
import { movableClock } from '../sessions/testing.js'
import { statement } from '../storage/database.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'
import { webhookDeliveries } from '../storage/webhook-deliveries.js'
import { webhookViews } from '../storage/webhook-views.js'
import { pauseMs, retryMs } from './courier.js'
import type { Attempt } from './deliveries.js'
import { endpointsOf, shownUrl } from './endpoints.js'
import { createWebhooks, type Webhooks } from './webhooks.js'

let store: TestDatabase
beforeAll(async () => {
  store = await testDatabase()
  return () => store.close()
})

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: { readonly type: string; readonly data: { readonly call_id: string } }
}
let received: Received[] = []
let answer: (response: ServerResponse, request: Received) => unknown
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const seen = { headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) }
  received.push(seen)
  answer(response, seen)
})
let url: string
beforeAll(async () => {
  url = `http://127.0.0.1:${await listening(receiver)}/hook?key=sesame`
  return () => {
    receiver.closeAllConnections()
    receiver.close()
  }
})

const running: Webhooks[] = []
let logged: string[] = []
let clock = movableClock()
beforeEach(() => {
  clock = movableClock()
  received = []
  logged = []
  answer = response => response.writeHead(204).end()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map(each => each.stop()))
  await store.database.query(statement('test.clear', 'delete from webhook_deliveries'))
})

function started(urls = [url]) {
  const meter = createMeter()
  const webhooks = createWebhooks({
    config: { webhooks: { urls, secrets: [Buffer.alloc(32, 1)] } },
    ...{
      database: store.database,
      deliveries: webhookDeliveries,
      views: webhookViews,
      clock,
      random: () => 0.5,
      version: '0',
      meter,
    },
    log: pino({ level: 'debug' }, { write: line => void logged.push(line) }),
  })
  running.push(webhooks)
  webhooks.start()
  return { ...webhooks, meter }
}
const insert = statement(
  'test.insert',
  `insert into webhook_deliveries (subject, step, endpoint, type, at, next_attempt_at, give_up_at)
   select $1::uuid, step, $3, (array['call.started', 'call.answered', 'call.ended'])[step], $4, $4,
     $4::timestamptz + interval '1 day'
   from unnest($2::int[]) as step`,
)
async function put(steps = [1, 2, 3], to = url) {
  const subject = v7()
  await store.database.query(insert, [subject, steps, endpointsOf([to])[0]?.id, new Date(clock.wall())])
  return subject
}
interface Row {
  readonly state: string
  readonly attempts: number
  readonly tries: readonly Attempt[]
}
const rows = statement<Row>(
  'test.rows',
  'select state, attempts, tries from webhook_deliveries order by at, subject, step',
)
const all = () => store.database.query(rows)
const everything = async (state: string, many: number) =>
  expect((await all()).map(row => row.state)).toEqual(Array(many).fill(state))
const types = () => received.map(({ body }) => body.type)

test('waits double up to an hour, and are spread; a failing endpoint is left alone for longer and longer', () => {
  expect([1, 2, 3].map(attempts => retryMs(attempts, () => 0.5))).toEqual([1_000, 2_000, 4_000])
  expect(retryMs(1, () => 0)).toBe(750)
  expect(retryMs(40, () => 0.5)).toBe(limits.webhookRetryMaxMs)
  expect([1, 2, 3, 4, 5, 60].map(pauseMs)).toEqual([0, 0, 1_000, 2_000, 4_000, limits.webhookPauseMaxMs])
})

test('what may be secret in a URL is not shown', () => {
  expect(shownUrl('https://a.example/hooks?key=sesame')).toBe('https://a.example/hooks?…')
  expect(shownUrl('http://10.0.0.7:3000/')).toBe('http://10.0.0.7:3000/')
  expect(endpointsOf([url, url])).toHaveLength(1)
})

test('events arrive in order, as JSON, and are delivered', async () => {
  const subject = await put()
  const { endpoints } = started()
  await eventually(() => everything('delivered', 3))
  expect(types()).toEqual(['call.started', 'call.answered', 'call.ended'])
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'Switchboard/0',
    'webhook-id': `evt_${subject.replaceAll('-', '')}_1`,
  })
  expect((await all())[0]).toMatchObject({ attempts: 1, tries: [{ status: 204, error: null }] })
  expect(await endpoints()).toMatchObject([{ state: 'well', waiting: 0 }])
})

test('an answer of no use holds back the events after it, until it is taken', async () => {
  let bad = 2
  answer = response => response.writeHead(bad-- > 0 ? 500 : 200).end('x'.repeat(100_000))
  await put()
  const { wake } = started().sink
  await eventually(async () => expect((await all())[0]?.attempts).toBe(1))
  clock.advance(1_001)
  wake()
  await eventually(async () => expect((await all())[0]?.attempts).toBe(2))
  clock.advance(2_001)
  wake()
  await eventually(() => everything('delivered', 3))
  expect(types()).toEqual([...Array(3).fill('call.started'), 'call.answered', 'call.ended'])
  expect((await all())[0]?.tries).toMatchObject([
    { status: 500, error: 'status' },
    { status: 500, error: 'status' },
    { status: 200, error: null },
  ])
})

test('a receiver says when to come back', async () => {
  answer = response => response.writeHead(503, { 'retry-after': '120' }).end()
  await put([1])
  started()
  await eventually(async () => expect((await all())[0]?.attempts).toBe(1))
  const due = statement<{ at: Date }>('test.due', 'select next_attempt_at as at from webhook_deliveries')
  const [row] = await store.database.query(due)
  expect((row?.at.getTime() ?? 0) - clock.wall()).toBeGreaterThan(110_000)
})

test('a redirect is not followed', async () => {
  answer = response => response.writeHead(302, { location: url }).end()
  await put([1])
  started()
  await eventually(async () =>
    expect((await all())[0]?.tries).toMatchObject([{ status: 302, error: 'redirect' }]),
  )
  expect(received).toHaveLength(1)
})

test('gone means gone: that event is not sent again, the next one may be', async () => {
  answer = response => response.writeHead(410).end()
  await put([1, 2])
  started()
  await eventually(() => everything('given_up', 2))
  expect(received).toHaveLength(2)
})

test('an event is given up after a day of failures', async () => {
  answer = response => response.writeHead(500).end()
  await put([1])
  clock.advance(limits.webhookGiveUpMs - 500)
  started()
  await eventually(() => everything('given_up', 1))
  expect(received).toHaveLength(1)
})

test('a dead receiver is asked seldom, another one has all of its events, and no URL is logged whole', async () => {
  const dead = 'http://127.0.0.1:9/dead?key=sesame'
  for (let n = 0; n < 40; n++) await put([1], dead)
  for (let n = 0; n < 40; n++) await put([1])
  const { endpoints } = started([dead, url])
  await eventually(() => expect(received).toHaveLength(40))
  await eventually(async () =>
    expect((await endpoints())[0]).toMatchObject({ state: 'failing', waiting: 40 }),
  )
  const asked = (await all()).reduce(
    (sum, { state, attempts }) => sum + (state === 'waiting' ? attempts : 0),
    0,
  )
  expect(asked).toBeLessThanOrEqual(limits.webhookConcurrency + 1)
  expect(logged.join('')).toContain('takes no events')
  expect(logged.join('')).not.toContain('sesame')
})

test('a failing receiver that is back gets all that waited', async () => {
  answer = response => response.writeHead(500).end()
  for (let n = 0; n < 30; n++) await put()
  const { endpoints, sink } = started()
  await eventually(async () => expect((await endpoints())[0]).toMatchObject({ state: 'failing' }))
  answer = response => response.writeHead(204).end()
  // Those under way may yet fail, and have it left alone for longer.
  const claimed = statement('test.claimed', 'select step from webhook_deliveries where claimed')
  await eventually(async () => expect(await store.database.query(claimed)).toEqual([]))
  clock.advance(61_000)
  sink.wake()
  await eventually(() => everything('delivered', 90))
  expect((await endpoints())[0]).toMatchObject({ state: 'well', waiting: 0 })
})

test('a stop leaves what was not sent to the next, at once', async () => {
  answer = () => undefined // it never answers
  await put([1, 2])
  const webhooks = started()
  await eventually(() => expect(received).toHaveLength(1))
  await webhooks.stop()
  expect((await all()).map(({ state, attempts }) => [state, attempts])).toEqual([
    ['waiting', 0],
    ['waiting', 0],
  ])
  answer = response => response.writeHead(204).end()
  started()
  await eventually(() => everything('delivered', 2))
})

test('without endpoints nothing is asked of the database', async () => {
  const asked: string[] = []
  const database = {
    ...store.database,
    query: (({ name }: { name: string }) => {
      asked.push(name)
      return Promise.resolve([])
    }) as typeof store.database.query,
  }
  const webhooks = createWebhooks({
    config: { webhooks: { urls: [], secrets: [] } },
    ...{
      database,
      deliveries: webhookDeliveries,
      views: webhookViews,
      clock,
      random: () => 0.5,
      version: '0',
    },
    ...{ log: pino({ level: 'silent' }), meter: createMeter() },
  })
  webhooks.start()
  webhooks.sink.wake()
  await webhooks.stop()
  expect(asked).toEqual([])
})
