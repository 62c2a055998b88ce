import { createServer } from 'node:http'
import { v7 } from 'uuid'
import { beforeAll, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { eventually } from '../eventually.testing.js'
import { listening } from '../http/testing.js'
import { limits } from '../limits.js'
import { createLogger } from '../log.js'
import { createMeter } from '../meter.js'
import { statement } from '../storage/database.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'
import { webhookDeliveries } from '../storage/webhook-deliveries.js'
import { webhookViews } from '../storage/webhook-views.js'
import { endpointsOf } from './endpoints.js'
import { createWebhooks, type Webhooks } from './webhooks.js'

const received: unknown[] = []
const receiver = createServer((request, response) => {
  received.push(request.headers['webhook-id'])
  request.resume().on('end', () => response.writeHead(204).end())
})
let store: TestDatabase
let url: string
let webhooks: Webhooks
beforeAll(async () => {
  store = await testDatabase()
  url = `http://127.0.0.1:${await listening(receiver)}/`
  webhooks = createWebhooks({
    config: { webhooks: { urls: [url], secrets: [Buffer.alloc(32)] } },
    ...{ database: store.database, deliveries: webhookDeliveries, views: webhookViews, clock: systemClock },
    ...{ random: Math.random, version: '0', log: createLogger('silent'), meter: createMeter() },
  })
  return async () => {
    await webhooks.stop()
    receiver.closeAllConnections()
    receiver.close()
    await store.close()
  }
})
const insert = statement(
  'test.insert',
  `insert into webhook_deliveries (subject, step, endpoint, type, at, next_attempt_at, give_up_at, state)
   values ($1, $2, $3, $4, $5, $5, $5, $6)`,
)
const anHourAgo = Date.now() - 3_600_000
const at = (second: number) => new Date(anHourAgo + second * 1000)
async function put(second: number, state: string, type = 'call.started', to = url) {
  const subject = v7()
  const step = type.endsWith('ed') && type !== 'call.ended' ? 1 : 3
  await store.database.query(insert, [subject, step, endpointsOf([to])[0]?.id, type, at(second), state])
  return { subject, id: `${subject}_${step}_${endpointsOf([to])[0]?.id}` }
}
const clear = () => store.database.query(statement('test.clear', 'delete from webhook_deliveries'))

test('deliveries are listed newest first, page by page, each once, all or by state', async () => {
  const put3 = async (n: number) => [
    ...[await put(n, 'delivered'), await put(n, 'given_up', 'user.created')],
    await put(n, 'waiting', 'call.ended'),
  ]
  const many = limits.webhooksPage + 10
  for (let n = 0; n < many; n++) await put3(n)
  const pages = async (state?: 'waiting' | 'delivered' | 'given_up') => {
    const all = []
    for (let cursor: string | undefined; ; ) {
      const { deliveries, next } = await webhooks.list({ state, cursor })
      expect(deliveries.length).toBeLessThanOrEqual(limits.webhooksPage)
      all.push(...deliveries)
      if (next === null) return all
      cursor = next
    }
  }
  const all = await pages()
  expect(new Set(all.map(({ id }) => id)).size).toBe(3 * many)
  expect(all).toHaveLength(3 * many)
  expect(all.map(each => each.at)).toEqual(
    all
      .map(each => each.at)
      .sort()
      .reverse(),
  )
  const lost = await pages('given_up')
  expect(lost).toHaveLength(many)
  expect(lost[0]).toMatchObject({
    ...{ type: 'user.created', state: 'given_up', attempts: 0, lastAttempt: null, nextAttemptAt: null },
    ...{ subject: { kind: 'user' }, endpoint: { url } },
  })
  expect((await webhooks.list({ cursor: 'what?' })).deliveries[0]?.id).toBe(all[0]?.id)
  await clear()
})

test('what was given up is sent once more when somebody says so, and shows it', async () => {
  const { id, subject } = await put(0, 'given_up')
  webhooks.start()
  expect(await webhooks.replay(id)).toBe('replayed')
  await eventually(async () => expect((await webhooks.show(id))?.state).toBe('delivered'))
  expect(received).toEqual([`evt_${subject.replaceAll('-', '')}_1`])
  expect(await webhooks.show(id)).toMatchObject({
    ...{ eventId: received[0], attempts: 1, nextAttemptAt: null },
    tries: [{ at: expect.any(String), ms: expect.any(Number), status: 204, error: null }],
  })
  expect(await webhooks.replay(id)).toBe('replayed')
  await eventually(() => expect(received).toHaveLength(2))
})

test('what is not there, is being sent, or has lost its receiver is not replayed', async () => {
  expect(await webhooks.replay(`${v7()}_1_0123456789abcdef`)).toBe('unknown')
  for (const id of ['', 'a', `${v7()}_1`, "'; drop table users"]) {
    expect(await webhooks.replay(id)).toBe('unknown')
    expect(await webhooks.show(id)).toBeUndefined()
  }
  const gone = await put(0, 'given_up', 'call.started', 'http://gone.example/')
  expect(await webhooks.replay(gone.id)).toBe('no_endpoint')
  expect((await webhooks.show(gone.id))?.endpoint.url).toBeNull()
  const { id, subject } = await put(0, 'given_up')
  const hold = statement(
    'test.hold',
    "update webhook_deliveries set state = 'waiting', claimed = true, next_attempt_at = now() + interval '1 minute' where subject = $1",
  )
  await store.database.query(hold, [subject])
  expect(await webhooks.replay(id)).toBe('under_way')
})
