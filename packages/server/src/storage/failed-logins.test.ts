import { createHash } from 'node:crypto'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { limits } from '../limits.js'
import { createLogger } from '../log.js'
import { loginDelays } from '../throttles/logins.js'
import type { Login, Reserved } from '../throttles/stores.js'
import { pgFailedLogins } from './failed-logins.js'
import { openDatabase } from './pg-database.js'
import { type TestDatabase, testDatabase } from './testing.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
  return () => db.close()
})

const rule = { delaysMs: loginDelays(limits.rates.failedLogins), inARow: 100 }
const hashOf = (text: string) => createHash('sha256').update(text).digest()
let accounts = 0
const newAccount = () => hashOf(`account ${++accounts}`)
const from = (account: Buffer, address: string): Login => ({ account, address: hashOf(address) })
const isReserved = (outcome: Reserved) => 'reservation' in outcome
const waitOf = (outcome: Reserved) => ('waitMs' in outcome ? outcome.waitMs : 0)

function timed() {
  const time = { now: 1_750_000_000_000 }
  const store = pgFailedLogins(db.database, () => time.now * 1_000)
  /** Fails until refused; returns how often it could. */
  async function failUntilRefused(login: Login): Promise<number> {
    for (let count = 0; ; count++) if (!isReserved(await store.reserve(login, rule))) return count
  }
  return { time, store, failUntilRefused }
}

test('the delays: none for five, then from 6 s doubling to 25 s', () => {
  expect(rule.delaysMs).toEqual([0, 0, 0, 0, 6_000, 12_000, 24_000, 25_000])
})

test('five at once, then each waits for its delay, to the millisecond', async () => {
  const { time, store, failUntilRefused } = timed()
  const login = from(newAccount(), 'a')
  expect(await failUntilRefused(login)).toBe(5)
  for (const delay of [6_000, 12_000, 24_000, 25_000, 25_000]) {
    expect(waitOf(await store.reserve(login, rule))).toBe(delay)
    time.now += delay - 1
    expect(waitOf(await store.reserve(login, rule))).toBe(1)
    time.now += 1
    expect(isReserved(await store.reserve(login, rule))).toBe(true)
  }
})

test('of 100 at once on two nodes five are let through, from however many addresses', async () => {
  const account = newAccount()
  const nodes = [1, 2].map(() => {
    const database = openDatabase({ connection: db.connection, log: createLogger('silent') })
    onTestFinished(() => database.close())
    return pgFailedLogins(database)
  })
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      (nodes[n % 2] as (typeof nodes)[number]).reserve(from(account, `address ${n}`), rule),
    ),
  )
  expect(outcomes.filter(isReserved)).toHaveLength(5)
})

test('a success clears, for every address', async () => {
  const { store, failUntilRefused } = timed()
  const account = newAccount()
  await failUntilRefused(from(account, 'a'))
  await store.succeeded(from(account, 'b'))
  expect(await failUntilRefused(from(account, 'a'))).toBe(5)
})

test('others cannot keep an owner out who comes from where they logged in before', async () => {
  const { store, failUntilRefused } = timed()
  const account = newAccount()
  const [owner, attacker] = [from(account, 'home'), from(account, 'elsewhere')]
  await store.succeeded(owner)
  expect(await failUntilRefused(attacker)).toBe(5)
  expect(isReserved(await store.reserve(owner, rule))).toBe(true)
  expect(await failUntilRefused(owner)).toBe(4)
})

test('of 100 at once from a familiar address five are let through', async () => {
  const { store } = timed()
  const login = from(newAccount(), 'home')
  await store.succeeded(login)
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => store.reserve(login, rule)))
  expect(outcomes.filter(isReserved)).toHaveLength(5)
})

test('what is tried from a familiar address counts for the account', async () => {
  const { store, failUntilRefused } = timed()
  const account = newAccount()
  await store.succeeded(from(account, 'home'))
  expect(await failUntilRefused(from(account, 'home'))).toBe(5)
  expect(await failUntilRefused(from(account, 'elsewhere'))).toBe(0)
})

test('after 100 in a row nobody gets in, from a familiar address neither, until it is forgotten', async () => {
  const { time, store, failUntilRefused } = timed()
  const account = newAccount()
  const [owner, attacker] = [from(account, 'home'), from(account, 'elsewhere')]
  await store.succeeded(owner)
  for (let count = 0; count < 100; count++) {
    expect(isReserved(await store.reserve(attacker, rule))).toBe(true)
    time.now += 25_000
  }
  expect(await store.reserve(attacker, rule)).toMatchObject({ isLocked: true })
  expect(await store.reserve(owner, rule)).toMatchObject({ isLocked: true })
  time.now += 400 * 24 * 3_600_000
  await store.prune(limits.failedLoginsKeepMs, 100)
  expect(await store.reserve(attacker, rule)).toMatchObject({ isLocked: true })
  await store.forget(account)
  expect(await failUntilRefused(attacker)).toBe(5)
})

test('an attempt that is given back was none', async () => {
  const { store, failUntilRefused } = timed()
  const account = newAccount()
  for (const login of [from(account, 'elsewhere'), from(account, 'home')]) {
    for (let count = 0; count < 20; count++) {
      const outcome = await store.reserve(login, rule)
      if ('reservation' in outcome) await store.giveBack(login, outcome.reservation)
      expect(isReserved(outcome)).toBe(true)
    }
    await store.succeeded(from(account, 'home'))
  }
  expect(await failUntilRefused(from(account, 'home'))).toBe(5)
})

test('giving an attempt back leaves the delay that another began', async () => {
  const { time, store, failUntilRefused } = timed()
  const account = newAccount()
  const [owner, attacker] = [from(account, 'home'), from(account, 'elsewhere')]
  await store.succeeded(owner)
  await failUntilRefused(attacker)
  const owners = await store.reserve(owner, rule)
  time.now += 12_000
  expect(isReserved(await store.reserve(attacker, rule))).toBe(true)
  if ('reservation' in owners) await store.giveBack(owner, owners.reservation)
  expect(isReserved(await store.reserve(attacker, rule))).toBe(false)
})

test('of 100 at once in the longest delay one is let through when it ends', async () => {
  const { time, store } = timed()
  const account = newAccount()
  for (let count = 0; count < 20; count++) {
    await store.reserve(from(account, 'a'), rule)
    time.now += 25_000
  }
  const nodes = [
    pgFailedLogins(db.database, () => time.now * 1_000),
    pgFailedLogins(db.database, () => time.now * 1_000 - 900_000),
  ]
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      (nodes[n % 2] as (typeof nodes)[number]).reserve(from(account, `${n}`), rule),
    ),
  )
  expect(outcomes.filter(isReserved)).toHaveLength(1)
})

test('a clock that was set back does not keep the owner out for longer than the longest delay', async () => {
  const { time, store, failUntilRefused } = timed()
  const login = from(newAccount(), 'a')
  await failUntilRefused(login)
  time.now -= 24 * 3_600_000
  expect(isReserved(await store.reserve(login, rule))).toBe(true)
  expect(waitOf(await store.reserve(login, rule))).toBeLessThanOrEqual(25_000)
})

test('what nobody has touched for a month is deleted, familiar addresses too', async () => {
  const { time, store, failUntilRefused } = timed()
  const account = newAccount()
  await store.succeeded(from(account, 'home'))
  await failUntilRefused(from(account, 'elsewhere'))
  time.now += limits.failedLoginsKeepMs
  await store.prune(limits.failedLoginsKeepMs, 100)
  expect(isReserved(await store.reserve(from(account, 'elsewhere'), rule))).toBe(true)
  expect(waitOf(await store.reserve(from(account, 'elsewhere'), rule))).toBe(12_000) // the sixth in a row
  time.now += limits.failedLoginsKeepMs + 1
  await store.prune(limits.failedLoginsKeepMs, 100)
  expect(await failUntilRefused(from(account, 'elsewhere'))).toBe(5)
  expect(await failUntilRefused(from(account, 'home'))).toBe(0)
})
