import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Count, Spread } from '../meter.js'
import type { Database } from '../storage/database.js'
import type { Attempt, AttemptError, Deliveries, Delivery } from './deliveries.js'
import type { Answer } from './send.js'

export interface CourierDeps {
  readonly endpoint: string
  /** Where it leads, for the log: without what may be secret. */
  readonly shown: string
  readonly database: Database
  readonly deliveries: Deliveries
  readonly send: (event: Delivery, signal: AbortSignal) => Promise<Answer>
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly counts: Readonly<Record<'delivered' | 'retried' | 'given_up', Count>>
  readonly seconds: Spread
}

/** What this process knows of an endpoint. */
export interface CourierStanding {
  /** failing: the latest attempts all failed. */
  readonly state: 'idle' | 'well' | 'failing'
  readonly lastDeliveredAt: Date | undefined
  readonly lastFailure:
    | { readonly at: Date; readonly error: AttemptError; readonly status: number | null }
    | undefined
}

/** Wait before the next attempt: doubles with every failed one, and spread, so that not all come back at once. */
export const retryMs = (attempts: number, random: () => number): number =>
  Math.min(limits.webhookRetryMs * 2 ** (attempts - 1), limits.webhookRetryMaxMs) * (0.75 + 0.5 * random())

/** How long an endpoint that fails is left alone, after as many failures in a row. */
export const pauseMs = (failures: number): number =>
  failures < limits.webhookFailuresToPause
    ? 0
    : Math.min(1_000 * 2 ** (failures - limits.webhookFailuresToPause), limits.webhookPauseMaxMs)

/**
 * Brings one endpoint its events: several subjects beside each other, the events of each in order. While the endpoint
 * fails it is asked with one event now and then, so that it costs next to nothing however much waits for it.
 */
export function createCourier(deps: CourierDeps) {
  const { endpoint, shown, database, deliveries, send, clock, random, log, counts, seconds } = deps
  const stopping = new AbortController()
  const lines = new Set<Promise<void>>()
  let state: 'new' | 'started' | 'stopped' = 'new'
  let timer: NodeJS.Timeout | undefined
  let wakesAt = Number.POSITIVE_INFINITY
  let looking: Promise<void> | undefined
  let again = false
  let failures = 0
  let pausedUntil = Number.NEGATIVE_INFINITY
  let isQueueAway = false
  let lastDeliveredAt: Date | undefined
  let lastFailure: CourierStanding['lastFailure']

  function succeeded() {
    if (failures >= limits.webhookFailuresToPause)
      log.info({ endpoint: shown }, 'a webhook receiver takes events again')
    failures = 0
    pausedUntil = Number.NEGATIVE_INFINITY
    lastDeliveredAt = new Date(clock.wall())
  }

  function failed(error: AttemptError, status: number | null) {
    failures++
    pausedUntil = Math.max(pausedUntil, clock.monotonic() + pauseMs(failures))
    lastFailure = { at: new Date(clock.wall()), error, status }
    if (failures === limits.webhookFailuresToPause)
      log.warn({ endpoint: shown, error, status }, 'a webhook receiver takes no events; they wait')
  }

  /** Whether the next event of the line may follow. */
  async function attempt(event: Delivery): Promise<boolean> {
    const begun = performance.now()
    const at = clock.wall()
    const { status, error, retryAfterMs = 0 } = await send(event, stopping.signal)
    if (error && stopping.signal.aborted) {
      await deliveries.postpone(database, event, new Date(clock.wall()))
      return false
    }
    const ms = Math.round(performance.now() - begun)
    const tried: Attempt = { at: new Date(at).toISOString(), ms, status, error }
    seconds.observe(ms / 1000)
    if (!error) {
      succeeded()
      counts.delivered.add()
      await deliveries.delivered(database, event, tried)
      return true
    }
    failed(error, status)
    const wait = Math.max(retryAfterMs, retryMs(event.attempts + 1, random))
    const next = new Date(clock.wall() + wait)
    if (error === 'gone' || next >= event.giveUpAt) {
      counts.given_up.add()
      await deliveries.giveUp(database, event, tried)
      return true
    }
    counts.retried.add()
    await deliveries.postpone(database, event, next, tried)
    return false
  }

  async function follow(line: readonly Delivery[]): Promise<void> {
    try {
      for (const event of line) {
        if (state === 'stopped') return await deliveries.postpone(database, event, new Date(clock.wall()))
        if (!(await attempt(event))) return
      }
    } catch (error) {
      queueAway(error) // the claim runs out, and somebody sends it once more
    }
  }

  function queueAway(error: unknown) {
    if (!isQueueAway) log.warn({ err: error }, 'the webhook queue cannot be worked off')
    isQueueAway = true
  }

  /** As many as there is room for; one at a time while the endpoint fails. */
  function room(): number {
    if (clock.monotonic() < pausedUntil) return 0
    return (failures >= limits.webhookFailuresToPause ? 1 : limits.webhookConcurrency) - lines.size
  }

  async function look(): Promise<void> {
    for (let most = room(); state === 'started' && most > 0; most = room()) {
      again = false
      const now = clock.wall()
      const until = new Date(now + limits.webhookClaimMs)
      const claimed = await deliveries.claim(database, { endpoint, now: new Date(now), until, atMost: most })
      isQueueAway = false
      for (const line of claimed.lines) {
        const following = follow(line).finally(() => {
          lines.delete(following)
          wake(0)
        })
        lines.add(following)
      }
      if (claimed.looked === 0 && !again) return
    }
  }

  function run() {
    wakesAt = Number.POSITIVE_INFINITY
    if (looking) {
      again = true
      return
    }
    looking = look()
      .catch(queueAway)
      .finally(() => {
        looking = undefined
        const paused = Math.max(0, pausedUntil - clock.monotonic())
        wake(again && paused === 0 && !isQueueAway && room() > 0 ? 0 : Math.max(paused, limits.webhookPollMs))
      })
  }

  function wake(inMs: number) {
    const at = clock.monotonic() + inMs
    const isDue = wakesAt <= clock.monotonic() // and its timer is late
    if (state !== 'started' || (at >= wakesAt && !isDue)) return
    clearTimeout(timer)
    wakesAt = at
    timer = setTimeout(run, inMs)
  }

  return {
    wake,
    start() {
      state = 'started'
      wake(0)
    },
    standing: (): CourierStanding => ({
      state: failures > 0 ? 'failing' : lastDeliveredAt ? 'well' : 'idle',
      lastDeliveredAt,
      lastFailure,
    }),
    /** What is under way may arrive for a moment; the rest is left to another worker. */
    async stop() {
      state = 'stopped'
      clearTimeout(timer)
      const patience = setTimeout(() => stopping.abort(), limits.webhookStopMs)
      await looking
      await Promise.all(lines)
      clearTimeout(patience)
    },
  }
}
