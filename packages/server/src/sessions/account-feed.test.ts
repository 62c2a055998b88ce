import type { LoginId, UserId } from '@switchboard/protocol'
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually } from '../eventually.testing.js'
import { limits } from '../limits.js'
import { createLogger } from '../log.js'
import { accountFeed } from '../storage/account-feed.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'
import type { AccountEvent } from './account-events.js'
import { createAccountEvents, type FollowedAccountEvents } from './account-feed.js'
import type { AccountFeed } from './stores.js'
import { movableClock } from './testing.js'

let store: TestDatabase
beforeAll(async () => {
  store = await testDatabase()
})
afterAll(() => store.close())

const processes: FollowedAccountEvents[] = []
afterEach(async () => {
  await Promise.all(processes.splice(0).map(events => events.stop()))
})

/** A process that follows the feed, and what it hears. */
async function started(feed: AccountFeed = accountFeed) {
  const clock = movableClock()
  const log = createLogger('silent')
  const events = createAccountEvents({ database: store.database, feed, clock, newId: () => v7(), log })
  processes.push(events)
  const heard: AccountEvent[] = []
  events.subscribe(event => heard.push(event))
  await events.start()
  return { events, heard, clock }
}

const newUser = () => v7() as UserId
const ended = (userId = newUser()): AccountEvent => ({
  kind: 'logins_ended',
  userId,
  loginId: v7() as LoginId,
  reason: 'logout',
})
const change = async (events: FollowedAccountEvents, event: AccountEvent) => {
  await store.database.transaction(tx => events.record(tx, event))
  events.announce(event)
}
/** Polls of the feed that begin and end after now. */
async function nextPolls(events: FollowedAccountEvents, spy: { mock: { settledResults: unknown[] } }) {
  expect(events.isCurrent()).toBe(true)
  const before = spy.mock.settledResults.filter(Boolean).length
  await eventually(() => expect(spy.mock.settledResults.length).toBeGreaterThan(before + 2), {
    timeout: 5_000,
  })
}

describe('an event', () => {
  test('is heard here at once and there within a second, once each, as it was said', async () => {
    const recent = vi.fn(accountFeed.recent)
    const [here, there] = [await started({ ...accountFeed, recent }), await started()]
    const said: AccountEvent[] = [
      ended(),
      { kind: 'logins_ended', userId: newUser(), exceptLogin: v7() as LoginId, reason: 'password_changed' },
      { kind: 'logins_ended', userId: newUser(), reason: 'deleted' },
      { kind: 'profile_changed', userId: newUser() },
    ]
    for (const event of said) await change(here.events, event)
    expect(here.heard).toEqual(said)
    const begun = performance.now()
    await eventually(() => expect(there.heard).toHaveLength(said.length), { interval: 5 })
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect(there.heard).toEqual(said)
    await nextPolls(here.events, recent)
    expect(here.heard).toEqual(said)
    expect(there.heard).toEqual(said)
  })

  test('is heard by its own process too when only the feed tells of it', async () => {
    const { events, heard } = await started()
    const event = ended()
    await store.database.transaction(tx => events.record(tx, event))
    await eventually(() => expect(heard).toEqual([event]))
    events.announce(event) // late: the feed was quicker
    expect(heard).toEqual([event])
  })

  test('whose transaction is rolled back never happened', async () => {
    const recent = vi.fn(accountFeed.recent)
    const { events, heard } = await started({ ...accountFeed, recent })
    const gone = store.database.transaction(async tx => {
      await events.record(tx, ended())
      throw new Error('no')
    })
    await expect(gone).rejects.toThrow('no')
    await nextPolls(events, recent)
    expect(heard).toEqual([])
  })

  test('of before the start is no news', async () => {
    await change((await started()).events, ended())
    const recent = vi.fn(accountFeed.recent)
    const { events, heard } = await started({ ...accountFeed, recent })
    await nextPolls(events, recent)
    expect(heard).toEqual([])
  })

  test('reaches the other listeners when one of them fails', async () => {
    const { events, heard } = await started()
    events.subscribe(() => {
      throw new Error('broken listener')
    })
    const late: AccountEvent[] = []
    const unsubscribe = events.subscribe(event => late.push(event))
    const event = ended()
    await change(events, event)
    expect([heard, late]).toEqual([[event], [event]])
    unsubscribe()
    await change(events, ended())
    expect(late).toHaveLength(1)
  })
})

describe('when the database is away', () => {
  test('one poll waits for the other, nothing is trusted, and afterwards nothing was missed', async () => {
    let away = false
    let running = 0
    let most = 0
    const recent = vi.fn<AccountFeed['recent']>(async (...args) => {
      running += 1
      most = Math.max(most, running)
      try {
        if (away) await new Promise(resolve => setTimeout(resolve, 2 * limits.accountFeedMs))
        if (away) throw new Error('away')
        return await accountFeed.recent(...args)
      } finally {
        running -= 1
      }
    })
    const [other, cut] = [await started(), await started({ ...accountFeed, recent })]
    expect(cut.events.isCurrent()).toBe(true)
    away = true
    const missed = [ended(), ended()]
    for (const event of missed) await change(other.events, event)
    await eventually(() => expect(cut.events.isCurrent()).toBe(false), { timeout: 5_000 })
    expect(cut.heard).toEqual([])
    expect(most).toBe(1)

    // Longer than rows are read again: the window reaches back to the last time that was read.
    cut.clock.advance(60_000)
    await store.database.query({
      name: 'testing.age',
      text: `update account_events set at = at - interval '60 seconds' where at > now() - interval '20 seconds'`,
    })
    away = false
    await eventually(() => expect(cut.heard).toEqual(missed), { timeout: 5_000 })
    expect(cut.events.isCurrent()).toBe(true)
  })
})

test('rows are pruned after a day', async () => {
  await store.database.query({
    name: 'testing.old',
    text: `insert into account_events (id, at, kind, user_id)
           values (gen_random_uuid(), now() - interval '25 hours', 'profile_changed', gen_random_uuid())`,
  })
  const prune = vi.fn(accountFeed.prune)
  await started({ ...accountFeed, prune })
  expect(prune).toHaveBeenCalledOnce()
  const old = await store.database.query({
    name: 'testing.count',
    text: `select id from account_events where at < now() - interval '1 day'`,
  })
  expect(old).toEqual([])
})
