import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Meter } from '../meter.js'
import type { Database, Queryable } from '../storage/database.js'
import type { AccountEvent, AccountEvents } from './account-events.js'
import type { AccountFeed } from './stores.js'

export interface AccountEventsDeps {
  readonly database: Database
  readonly feed: AccountFeed
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Logger
  /** Something was announced here that other processes may want to read at once. */
  readonly onAnnounced?: () => void
  readonly meter?: Meter
}

/** Account events of this process and, by the feed in the database, of every other one. */
export interface FollowedAccountEvents extends AccountEvents {
  /** Several events at once. */
  recordAll(tx: Queryable, events: readonly AccountEvent[]): Promise<void>
  /** False when nothing was heard of the others for so long that what is remembered may be out of date. */
  isCurrent(): boolean
  /** There is news: reads now, not at the next turn. */
  hurry(): void
  /** Begins to read the feed; resolves after the first reading, whether it succeeded or not. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Without `start` it records and announces only: enough for the command line. */
export function createAccountEvents(deps: AccountEventsDeps): FollowedAccountEvents {
  const { database, feed, clock, newId, log, onAnnounced = () => undefined } = deps
  const listeners = new Set<(event: AccountEvent) => void>()
  /** Ids by which an event was recorded here: several when its transaction was run again. */
  const recorded = new WeakMap<AccountEvent, string[]>()
  /** Ids that the listeners have heard since the last reading, and up to the last and the last but one. */
  let [sinceThen, last, lastButOne] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const isHeard = (id: string) => sinceThen.has(id) || last.has(id) || lastButOne.has(id)

  function tell(event: AccountEvent): void {
    for (const listener of [...listeners]) {
      try {
        listener(event)
      } catch (err) {
        log.error({ err }, 'a listener of account events failed')
      }
    }
  }

  async function recordAll(tx: Queryable, events: readonly AccountEvent[]): Promise<void> {
    if (events.length === 0) return
    const entries = events.map(event => ({ id: newId(), event }))
    for (const { id, event } of entries) recorded.set(event, [...(recorded.get(event) ?? []), id])
    await feed.insert(tx, entries)
  }

  // Both clocks: a suspended machine stops the monotonic one, a corrected one moves the other.
  const instant = () => ({ monotonic: clock.monotonic(), wall: clock.wall() })
  const since = (then: ReturnType<typeof instant>) =>
    Math.max(clock.monotonic() - then.monotonic, clock.wall() - then.wall)
  let lastRead: ReturnType<typeof instant> | undefined
  deps.meter?.gauge(
    'switchboard_account_feed_age_seconds',
    'Since when nothing was heard of changes to accounts that other processes made; past 2 s no token is remembered',
    () => (lastRead ? since(lastRead) / 1000 : Number.NaN),
  )

  async function read(): Promise<void> {
    const now = instant()
    const age = (lastRead ? since(lastRead) : 0) + limits.accountFeedOverlapMs
    const entries = await feed.recent(database, age)
    const news = entries.filter(({ id }) => !isHeard(id))
    const isFirst = lastRead === undefined
    // Windows move on: what two readings no longer show, no later one will. What was announced meanwhile they will.
    lastButOne = last
    last = new Set([...sinceThen, ...entries.map(({ id }) => id)])
    sinceThen = new Set()
    lastRead = now
    if (!isFirst) for (const { event } of news) tell(event) // at first nobody holds anything that is out of date
  }

  let failing = false
  let lastPruned = Number.NEGATIVE_INFINITY
  async function poll(): Promise<void> {
    try {
      await read()
      if (failing) log.info('the account feed is read again')
      failing = false
      if (clock.monotonic() - lastPruned > limits.accountFeedPruneMs) {
        lastPruned = clock.monotonic()
        await feed.prune(database, limits.accountFeedKeepMs)
      }
    } catch (error) {
      if (!failing) log.warn({ reason: (error as Error).message }, 'the account feed cannot be read')
      failing = true
    }
  }

  let polling: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let isHurried = false
  const pollOnAndOn = () => {
    isHurried = false
    polling = poll().finally(() => {
      polling = undefined
      if (!stopped) timer = setTimeout(pollOnAndOn, isHurried ? 0 : limits.accountFeedMs)
    })
    return polling
  }

  return {
    record: (tx, event) => recordAll(tx, [event]),
    recordAll,
    announce(event) {
      const ids = recorded.get(event) ?? []
      if (ids.some(isHeard)) return // the feed was quicker
      for (const id of ids) sinceThen.add(id)
      tell(event)
      onAnnounced()
    },
    hurry() {
      isHurried = true
      if (polling || stopped || !timer) return
      clearTimeout(timer)
      void pollOnAndOn()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    isCurrent: () => lastRead !== undefined && since(lastRead) <= limits.accountFeedStaleMs,
    start: pollOnAndOn,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await polling
    },
  }
}
