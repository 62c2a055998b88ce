import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { pino } from 'pino'
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { eventually } from '../eventually.testing.js'
import { limits } from '../limits.js'
import { movableClock } from '../sessions/testing.js'
import { mailJobs } from '../storage/mail-jobs.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'
import type { MailJob } from './mail-jobs.js'
import { smtpServer } from './testing.js'
import { openTransport } from './transport.js'
import { createMailWorker, type MailWorker, retryMs } from './worker.js'

let store: TestDatabase
beforeAll(async () => {
  store = await testDatabase()
})
afterAll(() => store.close())

const workers: MailWorker[] = []
let logged: { level: number; msg: string; reason?: string }[] = []
let clock = movableClock()
beforeEach(() => {
  clock = movableClock()
  logged = []
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map(worker => worker.stop()))
  await store.database.query({ name: 'testing.clear', text: 'delete from mail_jobs' })
})

type Deliver = Parameters<typeof createMailWorker>[0]['deliver']
const log = pino({ level: 'debug' }, { write: line => void logged.push(JSON.parse(line)) })
function started(deliver: Deliver): MailWorker {
  const worker = createMailWorker({ database: store.database, jobs: mailJobs, deliver, clock, log })
  workers.push(worker)
  worker.start()
  return worker
}
const put = (recipientKey = 'person@domain.yup', lifeMs = 600_000) =>
  mailJobs.insert(store.database, {
    ...{ id: v7(), kind: 'reset_code', recipient: recipientKey, recipientKey },
    createdAt: new Date(clock.wall()),
    nextAttemptAt: new Date(clock.wall()),
    giveUpAt: new Date(clock.wall() + lifeMs),
  })
const jobs = () =>
  store.database.query<{ state: string; attempts: number }>({
    name: 'testing.jobs',
    text: 'select state, attempts from mail_jobs order by id',
  })
const remove = async ({ id }: MailJob) => {
  await mailJobs.remove(store.database, id)
  return 'delivered' as const
}
const mail = { subject: 'Subject', text: 'text', html: '<p>html</p>' }
const sending = (url: string): Deliver => {
  const transport = openTransport({ transport: { kind: 'smtp', url }, from: 'no-reply@domain.yup' })
  return async (job, signal) => {
    await transport?.send('person@domain.yup', mail, signal)
    return remove(job)
  }
}

test('waits double up to the largest', () => {
  expect([1, 2, 3, 4].map(retryMs)).toEqual([2_000, 4_000, 8_000, 16_000])
  expect(retryMs(30)).toBe(limits.mailRetryMaxMs)
})

test('a mail server that is away and comes back gets the mail by itself', async () => {
  const first = await smtpServer()
  await first.close()
  await put()
  started(sending(first.url))
  await eventually(async () => expect(await jobs()).toMatchObject([{ state: 'waiting', attempts: 1 }]))
  await eventually(() => expect(logged.at(-1)?.reason).toBe('ESOCKET'))
  const back = await smtpServer({ port: first.port })
  await back.mail(0)
  await eventually(async () => expect(await jobs()).toEqual([]))
  // How often it was tried in between is the machine's business; that it left is told after its job is gone.
  await eventually(() => expect(logged.at(-1)?.reason).toBeUndefined())
  expect(logged.length).toBeGreaterThanOrEqual(2)
  expect(new Set(logged.map(({ level }) => level))).toEqual(new Set([30]))
  await back.close()
})

test('a refused mail is tried again by itself until it is worth nothing, then said to have failed', async () => {
  const smtp = await smtpServer({
    onRcptTo: (_address, _session, callback) => callback(new Error('person@domain.yup is unknown here')),
  })
  await put('person@domain.yup', 3_000)
  started(sending(smtp.url))
  await eventually(async () => expect(await jobs()).toMatchObject([{ state: 'failed', attempts: 2 }]), {
    timeout: 10_000,
  })
  const warnings = () => logged.filter(({ level }) => level === 40)
  await eventually(() =>
    expect(warnings()).toMatchObject([{ msg: 'a mail is given up', reason: 'EENVELOPE 550' }]),
  )
  expect(JSON.stringify(logged)).not.toContain('domain.yup')
  await smtp.close()
})

test('what was asked for too long ago is not sent at all', async () => {
  await put('person@domain.yup', 1_000)
  clock.advance(2_000)
  const deliver = vi.fn<Deliver>(remove)
  started(deliver)
  await eventually(async () => expect(await jobs()).toMatchObject([{ state: 'failed' }]))
  expect(deliver).not.toHaveBeenCalled()
})

test('a fresh code that has left takes those that waited before it along', async () => {
  await put()
  let tries = 0
  const worker = started(job => (++tries === 1 ? Promise.reject(new Error('away')) : remove(job)))
  await eventually(async () => expect(await jobs()).toMatchObject([{ attempts: 1 }]))
  await put()
  await put('another@domain.yup')
  worker.wake(0)
  await eventually(async () => expect(await jobs()).toEqual([]))
  expect(tries).toBe(3)
})

test('a claim that its node did not live to finish is taken over', async () => {
  await put()
  const until = new Date(clock.wall() + limits.mailClaimMs)
  expect(await mailJobs.claim(store.database, new Date(clock.wall()), until, 8)).toHaveLength(1)
  expect(await mailJobs.claim(store.database, new Date(clock.wall()), until, 8)).toEqual([])
  clock.advance(limits.mailClaimMs)
  const deliver = vi.fn<Deliver>(remove)
  started(deliver)
  await eventually(async () => expect(await jobs()).toEqual([]))
  expect(deliver).toHaveBeenCalledOnce()
})

test('a job that nobody is behind vanishes', async () => {
  await put()
  started(async () => 'nobody')
  await eventually(async () => expect(await jobs()).toEqual([]))
  expect(logged).toEqual([])
})

test('a server that never says a word holds a stop no longer than its patience, and the mail stays', async () => {
  const sockets: Socket[] = []
  const silent: Server = createServer(socket => sockets.push(socket)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  await put()
  const worker = started(sending(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`))
  await eventually(() => expect(sockets).toHaveLength(1))
  const begun = performance.now()
  await worker.stop()
  expect(performance.now() - begun).toBeLessThan(limits.mailStopMs + 1_000)
  const [left] = await mailJobs.claim(store.database, new Date(clock.wall()), new Date(clock.wall() + 1), 8)
  expect(left?.attempts).toBe(2) // free again at once, for another node
  for (const socket of sockets) socket.destroy()
  silent.close()
})

test('one recipient’s mails keep their order, and others’ do not wait for them', async () => {
  const order: string[] = []
  let release = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  await put('slow')
  await put('slow')
  await put('quick')
  started(async job => {
    order.push(`${job.recipientKey} begins`)
    if (job.recipientKey === 'slow') await held
    order.push(`${job.recipientKey} ends`)
    return remove(job)
  })
  await eventually(() => expect(order).toContain('quick ends'))
  expect(order.filter(each => each === 'slow begins')).toHaveLength(1)
  release()
  await eventually(() => expect(order.slice(-3)).toEqual(['slow ends', 'slow begins', 'slow ends']))
})

test('the queue’s database may be away for a while', async () => {
  const claim = vi
    .fn(mailJobs.claim)
    .mockRejectedValueOnce(Object.assign(new Error('secret'), { name: 'Away' }))
  const worker = createMailWorker({
    ...{ database: store.database, jobs: { ...mailJobs, claim }, deliver: remove, clock, log },
  })
  workers.push(worker)
  await put()
  worker.start()
  await eventually(() => expect(logged).toMatchObject([{ level: 40, reason: 'Away' }]))
  worker.wake(0)
  await eventually(async () => expect(await jobs()).toEqual([]))
})
