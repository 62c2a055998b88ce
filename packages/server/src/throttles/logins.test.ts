import { expect, test, vi } from 'vitest'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { addressKey } from './addresses.js'
import { here, outcomeOf, retryAfterOf, right, throttlesWorld, useDatabase, wrong } from './testing.js'

const database = useDatabase()
const elsewhere = (n: number) => addressKey(`198.51.${n >> 8}.${n & 255}`)
const times = (count: number) => Array.from({ length: count }, (_, n) => n)

test('five wrong passwords, then one in 6, 12, 24 and 25 seconds', async () => {
  const { throttles, time } = throttlesWorld(database())
  for (const _ of times(5))
    expect(await outcomeOf(throttles.login('a', here, wrong))).toBe('invalid_credentials')
  for (const seconds of [6, 12, 24, 25, 25]) {
    expect(await outcomeOf(throttles.login('a', here, right))).toBe('too_many_attempts')
    expect(await retryAfterOf(throttles.login('a', here, right))).toBe(seconds)
    time.now += seconds * 1_000
    expect(await outcomeOf(throttles.login('a', here, wrong))).toBe('invalid_credentials')
  }
  time.now += 25_000
  expect(await throttles.login('a', here, right)).toBe('a token')
  for (const _ of times(5))
    expect(await outcomeOf(throttles.login('a', here, wrong))).toBe('invalid_credentials')
})

test('of 100 wrong passwords at once on three nodes five are looked at', async () => {
  const { node } = throttlesWorld(database())
  const nodes = [node(), node(), node()]
  const prove = vi.fn(wrong)
  const outcomes = await Promise.all(
    times(100).map(n => outcomeOf((nodes[n % 3] as (typeof nodes)[number]).login('a', elsewhere(n), prove))),
  )
  expect(prove).toHaveBeenCalledTimes(5)
  expect(outcomes.filter(outcome => outcome === 'too_many_attempts')).toHaveLength(95)
})

test('as many right ones at once as stand in line', async () => {
  const { throttles, refused } = throttlesWorld(database())
  const outcomes = await Promise.all(times(102).map(() => outcomeOf(throttles.login('a', here, right))))
  expect(outcomes.filter(outcome => outcome === 'a token')).toHaveLength(limits.loginsInLine)
  expect(refused).toEqual(['failedLogins', 'failedLogins'])
})

test('what failed for another reason is not counted', async () => {
  const { throttles } = throttlesWorld(database())
  const busy = async () => {
    throw new Refusal('service_unavailable')
  }
  for (const _ of times(60))
    expect(await outcomeOf(throttles.login('a', here, busy))).toBe('service_unavailable')
  expect(await throttles.login('a', here, right)).toBe('a token')
})

test('who guesses keeps the owner out for 25 seconds at most, and not at all from where they logged in before', async () => {
  const { throttles, time } = throttlesWorld(database())
  await throttles.login('a', here, right)
  for (const n of times(12)) {
    await outcomeOf(throttles.login('a', elsewhere(n), wrong))
    time.now += 25_000
  }
  await outcomeOf(throttles.login('a', elsewhere(12), wrong))
  expect(await retryAfterOf(throttles.login('a', elsewhere(13), right))).toBe(25)
  expect(await throttles.login('a', here, right)).toBe('a token')
})

test('after 100 in a row only a reset opens the account', async () => {
  const { throttles, time } = throttlesWorld(database())
  await throttles.login('a', here, right)
  for (const n of times(100)) {
    expect(await outcomeOf(throttles.login('a', elsewhere(n), wrong))).toBe('invalid_credentials')
    time.now += 25_000
  }
  time.now += 90 * 24 * 3_600_000
  for (const address of [here, elsewhere(200)]) {
    const locked = await throttles.login('a', address, right).catch((error: Refusal) => error)
    expect(locked).toMatchObject({ code: 'too_many_attempts', retryAfterSeconds: 86_400 })
    expect((locked as Refusal).message).toContain('reset the password')
  }
  await throttles.forgetFailedLogins('a')
  expect(await throttles.login('a', elsewhere(201), right)).toBe('a token')
})

test('a reset that is rolled back opens nothing', async () => {
  const { database: db } = database()
  const { throttles } = throttlesWorld({ database: db })
  for (const _ of times(5)) await outcomeOf(throttles.login('a', here, wrong))
  const reset = db.transaction(async tx => {
    await throttles.forgetFailedLogins('a', tx)
    throw new Error('rolled back')
  })
  await expect(reset).rejects.toThrow('rolled back')
  expect(await outcomeOf(throttles.login('a', here, right))).toBe('too_many_attempts')
})

test('an address has 50 failures in half an hour, whatever the accounts', async () => {
  const { throttles, time, refused } = throttlesWorld(database())
  const prove = vi.fn(wrong)
  const spellings = ['2001:db8::1', '2001:DB8:0:0:1::', '[2001:db8::ffff]:443'].map(addressKey)
  const outcomes = await Promise.all(
    times(100).map(n => outcomeOf(throttles.login(`account ${n}`, spellings[n % 3] ?? here, prove))),
  )
  expect(prove).toHaveBeenCalledTimes(50)
  expect(outcomes.filter(outcome => outcome === 'too_many_attempts')).toHaveLength(50)
  expect(new Set(refused)).toEqual(new Set(['failedAuthentications']))
  const blocked = throttles.login('somebody else', addressKey('2001:db8::2'), right)
  expect(await retryAfterOf(blocked)).toBe(30 * 60)
  expect(await throttles.login('somebody else', here, right)).toBe('a token')
  time.now += 30 * 60_000
  expect(await throttles.login('somebody else', addressKey('2001:db8::2'), right)).toBe('a token')
})

test('an address may be right as often as it likes, and what is refused is no failure', async () => {
  const { throttles } = throttlesWorld(database())
  for (const n of times(60)) await throttles.login(`account ${n}`, here, right)
  for (const _ of times(60)) await outcomeOf(throttles.login('a', here, wrong))
  expect(await throttles.login('b', here, right)).toBe('a token')
})

test('as many at once as stand in line, and none of them is refused for the others who are right as well', async () => {
  const { throttles, refused } = throttlesWorld(database())
  for (const n of times(45)) await outcomeOf(throttles.login(`wrong ${n}`, here, wrong))
  const slowly = () => new Promise<string>(resolve => setTimeout(resolve, 5, 'a token'))
  const logins = times(100).map(n => outcomeOf(throttles.login(`account ${n}`, here, slowly)))
  expect(new Set(await Promise.all(logins))).toEqual(new Set(['a token']))
  expect(refused).toEqual([])
})

test('right and wrong ones at once: 50 wrong ones are looked at, and the right ones among the first', async () => {
  const { throttles } = throttlesWorld(database())
  const prove = vi.fn(wrong)
  const outcomes = await Promise.all(
    times(130).map(n => outcomeOf(throttles.login(`account ${n}`, here, n % 2 ? prove : right))),
  )
  expect(prove).toHaveBeenCalledTimes(50)
  expect(outcomes.filter(outcome => outcome === 'invalid_credentials')).toHaveLength(50)
  expect(outcomes.filter(outcome => outcome === 'a token').length).toBeGreaterThanOrEqual(25)
  expect(await outcomeOf(throttles.login('a', here, right))).toBe('too_many_attempts')
})
