import type { UserId } from '@switchboard/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { limits } from '../limits.js'
import { createLogger } from '../log.js'
import { createMeter } from '../meter.js'
import type { Database } from '../storage/database.js'
import type { AccountEvent } from './account-events.js'
import { createAccountEvents } from './account-feed.js'
import type { AccountFeed, FeedEntry } from './stores.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const changed = (n: number): AccountEvent => ({ kind: 'profile_changed', userId: `user ${n}` as UserId })

/** A process that follows a feed which the test writes, breaks and holds up; its clocks are the test's as well. */
function following() {
  const entries: FeedEntry[] = []
  const ages: number[] = []
  const inserted: number[] = []
  const lines: Record<string, unknown>[] = []
  const times = { monotonic: 1_000_000, wall: 1_795_000_000_000 }
  const meter = createMeter()
  let isAway = false
  let held: Promise<void> = Promise.resolve()
  let ids = 0
  const prune = vi.fn(async () => undefined)
  const feed: AccountFeed = {
    insert: async (_, added) => void inserted.push(added.length),
    async recent(_, age) {
      ages.push(age)
      await held
      if (isAway) throw new Error('no database')
      return [...entries]
    },
    prune,
  }
  const events = createAccountEvents({
    database: {} as Database,
    feed,
    clock: { monotonic: () => times.monotonic, wall: () => times.wall },
    newId: () => `id ${++ids}`,
    log: createLogger('info', false, { write: line => void lines.push(JSON.parse(line)) }),
    meter,
  })
  const heard: AccountEvent[] = []
  events.subscribe(event => heard.push(event))
  return {
    ...{ events, heard, entries, ages, inserted, lines, times, prune },
    pass(ms: number) {
      times.monotonic += ms
      times.wall += ms
    },
    /** Another process made it. */
    tell: (n: number) => void entries.push({ id: `theirs ${n}`, event: changed(n) }),
    setAway(away: boolean) {
      isAway = away
    },
    /** Readings that begin from now on wait until they are let go. */
    hold() {
      let letGo: () => void = () => undefined
      held = new Promise(resolve => {
        letGo = resolve
      })
      return () => letGo()
    },
    said: () => lines.map(({ level, msg }) => `${level}: ${msg}`),
    age: () =>
      meter
        .families()
        .find(({ name }) => name.startsWith('switchboard_account_feed_age'))
        ?.samples(),
    turn: () => vi.advanceTimersByTimeAsync(limits.accountFeedMs),
  }
}

describe('the feed is read', () => {
  test('every turn, back to the last time that it was read and a bit', async () => {
    const { events, ages, turn, pass } = following()
    await events.start()
    pass(400)
    await turn()
    pass(60_000)
    await turn()
    expect(ages).toEqual([0, 400, 60_000].map(age => age + limits.accountFeedOverlapMs))
    await events.stop()
  })

  test('at once when there is news, and again at once when there was more while it was read', async () => {
    const { events, ages, heard, tell, hold } = following()
    events.hurry() // nothing is followed yet
    expect(ages).toHaveLength(0)
    await events.start()
    tell(1)
    events.hurry()
    await vi.advanceTimersByTimeAsync(0)
    expect(heard).toEqual([changed(1)])
    expect(ages).toHaveLength(2)

    const letGo = hold()
    events.hurry()
    expect(ages).toHaveLength(3)
    events.hurry()
    await vi.advanceTimersByTimeAsync(0)
    expect(ages).toHaveLength(3) // one reading waits for the other
    letGo()
    await vi.advanceTimersByTimeAsync(1)
    expect(ages).toHaveLength(4)
    await vi.advanceTimersByTimeAsync(limits.accountFeedMs / 2)
    expect(ages).toHaveLength(4) // what hurried it is over
    await events.stop()
  })

  test('no more after the end, which waits for the reading under way', async () => {
    const { events, ages, hold, turn } = following()
    await events.start()
    const letGo = hold()
    await turn()
    expect(ages).toHaveLength(2)
    const ended = vi.fn()
    const ending = events.stop().then(ended)
    await vi.advanceTimersByTimeAsync(0)
    expect(ended).not.toHaveBeenCalled()
    letGo()
    await ending
    await turn()
    events.hurry()
    await turn()
    expect(ages).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('and pruned once an hour', async () => {
    const { events, prune, pass, turn } = following()
    await events.start()
    expect(prune).toHaveBeenCalledTimes(1)
    pass(limits.accountFeedPruneMs)
    await turn()
    expect(prune).toHaveBeenCalledTimes(1)
    pass(1)
    await turn()
    expect(prune).toHaveBeenCalledTimes(2)
    await events.stop()
  })
})

describe('what is remembered is current', () => {
  test('from the first reading until five were missed', async () => {
    const { events, pass, age } = following()
    expect(events.isCurrent()).toBe(false)
    expect(age()).toMatchObject([{ value: Number.NaN }])
    await events.start()
    pass(limits.accountFeedStaleMs)
    expect(events.isCurrent()).toBe(true)
    expect(age()).toMatchObject([{ value: limits.accountFeedStaleMs / 1_000 }])
    pass(1)
    expect(events.isCurrent()).toBe(false)
    await events.stop()
  })

  test.each(['monotonic', 'wall'] as const)('but not when only the %s clock went on', async clock => {
    const { events, times } = following()
    await events.start()
    times[clock] += limits.accountFeedStaleMs + 1
    expect(events.isCurrent()).toBe(false)
    await events.stop()
  })
})

describe('the log says', () => {
  test('once that the feed cannot be read and why, and once that it is read again', async () => {
    const { events, setAway, said, lines, turn } = following()
    await events.start()
    await turn()
    expect(said()).toEqual([])
    setAway(true)
    for (let n = 0; n < 3; n++) await turn()
    expect(said()).toEqual(['warn: the account feed cannot be read'])
    expect(lines[0]).toMatchObject({ reason: 'no database' })
    setAway(false)
    for (let n = 0; n < 3; n++) await turn()
    expect(said().slice(1)).toEqual(['info: the account feed is read again'])
    setAway(true)
    await turn()
    expect(said().slice(2)).toEqual(['warn: the account feed cannot be read'])
    await events.stop()
  })

  test('that a listener failed, and by what', () => {
    const { events, lines } = following()
    events.subscribe(() => {
      throw new Error('broken listener')
    })
    events.announce(changed(1))
    expect(lines).toMatchObject([
      { level: 'error', msg: 'a listener of account events failed', err: { message: 'broken listener' } },
    ])
  })
})

describe('an event of this process', () => {
  test('is heard once though its transaction ran twice, whichever run the feed shows', async () => {
    for (const shown of ['id 1', 'id 2']) {
      const { events, heard, entries, turn } = following()
      await events.start()
      const event = changed(1)
      for (let run = 0; run < 2; run++) await events.record({} as Database, event)
      entries.push({ id: shown, event })
      events.announce(event)
      await turn()
      expect(heard).toEqual([event])
      await events.stop()
    }
  })

  test('is heard here when it was announced and never recorded', () => {
    const { events, heard } = following()
    events.announce(changed(1))
    events.announce(changed(1))
    expect(heard).toEqual([changed(1), changed(1)])
  })

  test('needs no statement when there is none', async () => {
    const { events, inserted } = following()
    await events.recordAll({} as Database, [])
    await events.recordAll({} as Database, [changed(1), changed(2)])
    expect(inserted).toEqual([2])
  })
})
