import type { PhoneNumber, UserId } from '@switchboard/protocol'
import { expect, test, vi } from 'vitest'
import { createLogger } from '../log.js'
import { Refusal } from '../refusal.js'
import { statement } from '../storage/database.js'
import { DatabaseUnavailable } from '../storage/errors.js'
import { openDatabase } from '../storage/pg-database.js'
import { addressKey } from './addresses.js'
import { here, outcomeOf, retryAfterOf, right, throttlesWorld, useDatabase, wrong } from './testing.js'
import type { Throttles } from './throttles.js'

const database = useDatabase()
const alice = 'alice' as UserId
const bob = 'bob' as UserId
const number = (n: number) => `10000${n}` as PhoneNumber
const minute = 60_000

/** How often it can be done before it is refused. */
async function until(attempt: () => Promise<unknown>): Promise<number> {
  for (let count = 0; ; count++) if ((await retryAfterOf(attempt())) !== undefined) return count
}

test('registrations: ten from an address, then ten an hour', async () => {
  const { throttles, time, refused } = throttlesWorld(database())
  expect(await until(() => throttles.registration('a', here, right))).toBe(10)
  expect(await retryAfterOf(throttles.registration('a', here, right))).toBe(6 * 60)
  expect(await outcomeOf(throttles.registration('a', here, right))).toBe('rate_limited')
  time.now += 60 * minute
  expect(await until(() => throttles.registration('a', here, right))).toBe(10)
  expect(await throttles.registration('a', addressKey('192.0.2.2'), right)).toBe('a token')
  expect(new Set(refused)).toEqual(new Set(['registrations']))
})

test('a registration counts when it tells who is registered, not when it could not be tried', async () => {
  const { throttles } = throttlesWorld(database())
  const failing = (code: 'weak_password' | 'already_registered') => () =>
    throttles.registration('a', here, async () => {
      throw new Refusal(code)
    })
  for (let n = 0; n < 20; n++) expect(await outcomeOf(failing('weak_password')())).toBe('weak_password')
  for (let n = 0; n < 10; n++)
    expect(await outcomeOf(failing('already_registered')())).toBe('already_registered')
  expect(await outcomeOf(failing('already_registered')())).toBe('rate_limited')
})

test("what others tried with an email before is not its new owner's", async () => {
  const { throttles } = throttlesWorld(database())
  for (let n = 0; n < 5; n++) await outcomeOf(throttles.login('a', here, wrong))
  await outcomeOf(
    throttles.registration('a', here, async () => {
      throw new Refusal('already_registered')
    }),
  )
  expect(await outcomeOf(throttles.login('a', here, right))).toBe('too_many_attempts')
  await throttles.registration('a', here, right)
  expect(await throttles.login('a', here, right)).toBe('a token')
})

test('reset mails: one a minute, three in 15 minutes, six a day to an account', async () => {
  const { throttles, time } = throttlesWorld(database())
  const sent: number[] = []
  const begin = time.now
  for (; time.now < begin + 24 * 60 * minute; time.now += minute / 2) {
    if ((await outcomeOf(throttles.resetMail('a', addressKey(`2001:db8:${sent.length}::1`)))) === undefined) {
      sent.push((time.now - begin) / minute)
    }
  }
  expect(sent).toEqual([0, 1, 2, 15, 16, 17])
  expect(await throttles.resetMail('a', here)).toBeUndefined()
})

test('reset mails: twenty an hour from an address; those that an account refused do not count', async () => {
  const { throttles, refused } = throttlesWorld(database())
  for (let n = 0; n < 30; n++) await outcomeOf(throttles.resetMail('a', here))
  let others = 0
  expect(await until(() => throttles.resetMail(`account ${others++}`, here))).toBe(19)
  expect(await outcomeOf(throttles.resetMail('another', here))).toBe('too_many_attempts')
  expect(new Set(refused)).toEqual(new Set(['resetMails', 'resetMailsPerAddress']))
})

test('reset codes: ten an hour are looked at', async () => {
  const { throttles, time, refused } = throttlesWorld(database())
  const looked = await Promise.all(Array.from({ length: 100 }, () => throttles.resetCode('a')))
  expect(looked.filter(Boolean)).toHaveLength(10)
  expect(refused).toHaveLength(90)
  time.now += 60 * minute
  expect(await throttles.resetCode('a')).toBe(true)
})

test('look-ups: twenty, then four an hour', async () => {
  const { throttles, time } = throttlesWorld(database())
  expect(await until(() => throttles.lookup(alice))).toBe(20)
  expect(await outcomeOf(throttles.lookup(alice))).toBe('rate_limited')
  time.now += 60 * minute
  expect(await until(() => throttles.lookup(alice))).toBe(4)
  expect(await throttles.lookup(bob)).toBeUndefined()
})

test('relay credentials: ten, then one a minute', async () => {
  const { throttles, time } = throttlesWorld(database())
  expect(await until(() => throttles.turnCredentials(alice))).toBe(10)
  expect(await retryAfterOf(throttles.turnCredentials(alice))).toBe(60)
  time.now += minute
  expect(await until(() => throttles.turnCredentials(alice))).toBe(1)
})

test('requests: 600 in ten seconds from an address', async () => {
  const { throttles, time } = throttlesWorld(database())
  for (let n = 0; n < 600; n++) throttles.request(here)
  expect(() => throttles.request(here)).toThrow(
    expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 10 }),
  )
  throttles.request(addressKey('192.0.2.2'))
  time.now += 10_000
  expect(throttles.request(here)).toBeUndefined()
})

test('calls: ten of a caller, then one in six seconds', async () => {
  const { throttles, time, refused } = throttlesWorld(database())
  for (let n = 0; n < 10; n++) expect(throttles.call(alice, number(n))).toBe(true)
  expect(throttles.call(alice, number(10))).toBe(false)
  time.now += 6_000
  expect(throttles.call(alice, number(10))).toBe(true)
  expect(refused).toEqual(['calls'])
})

test('calls: three a minute of a pair; one that is refused costs the caller nothing', async () => {
  const { throttles, time, refused } = throttlesWorld(database())
  for (let n = 0; n < 20; n++) expect(throttles.call(alice, number(1))).toBe(n < 3)
  for (let n = 0; n < 7; n++) expect(throttles.call(alice, number(2 + n))).toBe(true)
  expect(throttles.call(bob, number(1))).toBe(true)
  expect(new Set(refused)).toEqual(new Set(['callsPerPair']))
  time.now += minute
  expect(throttles.call(alice, number(1))).toBe(true)
})

test('strangers: five a minute reach somebody', async () => {
  const { throttles, time, refused } = throttlesWorld(database())
  for (let n = 0; n < 100; n++) expect(throttles.strangerCall(alice)).toBe(n < 5)
  expect(throttles.strangerCall(bob)).toBe(true)
  expect(refused).toHaveLength(95)
  time.now += minute
  expect(throttles.strangerCall(alice)).toBe(true)
})

test('sockets and what they send', () => {
  const { throttles, refused } = throttlesWorld(database())
  const budget = throttles.socketBudget()
  for (let n = 0; n < 61; n++) expect(budget.control(0)).toBe(n < 60)
  for (let n = 0; n < 101; n++) expect(throttles.openSocket(here) !== undefined).toBe(n < 100)
  expect(refused).toEqual(['controlMessages', 'sockets'])
})

test('without the database authentication is refused unseen, and signaling goes on', async () => {
  const gone = openDatabase({
    connection: { host: '127.0.0.1', port: 1, user: 'nobody', password: '', database: 'none' },
    log: createLogger('silent'),
  })
  const { throttles } = throttlesWorld({ database: gone })
  const work = vi.fn(right)
  const asked: Promise<unknown>[] = [
    throttles.login('a', here, work),
    throttles.registration('a', here, work),
    throttles.resetMail('a', here),
    throttles.resetCode('a'),
    throttles.lookup(alice),
    throttles.turnCredentials(alice),
  ]
  for (const outcome of asked.map(outcomeOf)) expect(await outcome).toBeInstanceOf(DatabaseUnavailable)
  expect(work).not.toHaveBeenCalled()
  throttles.request(here)
  expect(throttles.call(alice, number(1))).toBe(true)
  expect(throttles.strangerCall(bob)).toBe(true)
  expect(throttles.openSocket(here)).toBeDefined()
  await gone.close()
})

test('nothing that names anybody is stored', async () => {
  const { database: db } = database()
  const { throttles } = throttlesWorld({ database: db })
  const email = 'somenice@domain.yup'
  const user = '0190b2a4-0000-7000-8000-000000000001' as UserId
  await outcomeOf(throttles.login(email, here, wrong))
  await throttles.login(email, here, right)
  await throttles.resetMail(email, here)
  await throttles.lookup(user)
  const rows = await db.query(
    statement<{ line: string }>(
      'test.dump',
      `select encode(key, 'escape') || ' ' || encode(key, 'hex') as line from throttles
       union all select encode(account, 'escape') || ' ' || encode(address, 'escape') from failed_logins`,
    ),
  )
  const dump = rows.map(({ line }) => line).join('\n')
  expect(rows.length).toBeGreaterThan(4)
  for (const datum of [email, here, user]) {
    expect(dump).not.toContain(datum)
    expect(dump).not.toContain(Buffer.from(datum).toString('hex'))
  }
})

test('another secret counts anew', async () => {
  const first = throttlesWorld(database())
  const second = throttlesWorld(database())
  for (let n = 0; n < 5; n++) await outcomeOf(first.throttles.login('a', here, wrong))
  expect(await outcomeOf(first.throttles.login('a', here, right))).toBe('too_many_attempts')
  expect(await second.throttles.login('a', here, right)).toBe('a token')
})

test('RATE_LIMITS=off lets everything through', async () => {
  const { node, refused } = throttlesWorld(database())
  const throttles: Throttles = node(false)
  for (let n = 0; n < 1_100; n++) {
    throttles.request(here)
    expect(throttles.call(alice, number(1))).toBe(true)
    expect(throttles.strangerCall(bob)).toBe(true)
    const seat = throttles.openSocket(here)
    expect(seat).toBeDefined()
    if (n % 2) seat?.authenticated()
    else seat?.release()
    expect(throttles.socketBudget().control(0) && throttles.socketBudget().candidate(0)).toBe(true)
  }
  for (let n = 0; n < 120; n++) {
    expect(await outcomeOf(throttles.login('a', here, wrong))).toBe('invalid_credentials')
    expect(await throttles.registration('a', here, right)).toBe('a token')
    await throttles.resetMail('a', here)
    expect(await throttles.resetCode('a')).toBe(true)
    await throttles.lookup(alice)
    await throttles.turnCredentials(alice)
  }
  await throttles.forgetFailedLogins('a')
  await throttles.stop()
  expect(refused).toEqual([])
})

test('what has recovered is deleted now and then, until it is stopped', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const { database: db } = database()
    const { throttles, time } = throttlesWorld({ database: db })
    await throttles.lookup(alice)
    await throttles.login('a', here, right)
    const count = statement<{ count: string }>(
      'test.count',
      'select (select count(*) from throttles) + (select count(*) from failed_logins) as count',
    )
    time.now += 365 * 24 * 60 * minute
    vi.advanceTimersByTime(10 * minute)
    await throttles.stop()
    expect(await db.query(count)).toEqual([{ count: '0' }])
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
